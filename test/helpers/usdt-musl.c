/* A host for the probe file under musl's loader: the eight functions of Node-API that the file asks for, in brief. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

typedef void *value;
static value (*fire)(value, value);

int napi_create_external_arraybuffer(value env, void *data, size_t size, void *end, void *hint, value *result) {
  printf("%zu bytes\n", size);
  *result = data;
  return 0;
}
int napi_create_function(value env, const char *name, size_t length, void *call, void *data, value *result) {
  fire = call;
  *result = call;
  return 0;
}
int napi_create_int32(value env, int number, value *result) { return 9; }
int napi_set_named_property(value env, value object, const char *name, value given) {
  printf("exports.%s\n", name);
  return 0;
}
int napi_get_cb_info(value env, value info, size_t *count, value *values, value *self, void **data) {
  *count = 7;
  for (size_t i = 0; i < 7; i++) values[i] = (value)(i + 1);
  return 0;
}
/* The second and the last argument are strings. */
int napi_get_value_int64(value env, value from, long *result) {
  long at = (long)from - 1;
  *result = 0;
  return at == 1 || at == 6 ? 6 : 0;
}
int napi_get_value_string_utf8(value env, value from, char *to, size_t room, size_t *length) {
  strcpy(to, "hello");
  *length = 5;
  return 0;
}
int napi_get_value_bigint_int64(value env, value from, long *result, unsigned char *lossless) { return 17; }

int main(int count, char **given) {
  void *file = dlopen(given[1], RTLD_NOW);
  if (!file) return puts(dlerror()), 1;
  value (*start)(value, value) = dlsym(file, "napi_register_module_v1");
  start(0, 0);
  fire(0, 0);
  return puts("fired"), 0;
}
