/* The code in every probe file: a Node-API addon without relocations, libc or linker, see glue.ld and build.sh.
 *
 * exports.cells  the writable words of the file as an ArrayBuffer, without a copy: cells, groups, threads
 * exports.index  what the writer says of the modules in the file, as an ArrayBuffer of JSON
 * exports.fire   (stub, ...up to six numbers, bigints or strings): calls a stub, where a tracer may be attached
 */
typedef unsigned char u8;
typedef unsigned int u32;
typedef int i32;
typedef long i64;
typedef unsigned long size;
typedef struct env *env;
typedef struct value *value;
typedef struct info *info;
typedef int status;

/* Filled in by the writer (elf.ts); offsets are counted from this struct, so that nothing has to be relocated. */
struct config {
  i32 got;
  i32 cells;
  u32 cells_size;
  i32 index;
  u32 index_size;
  i32 stubs;
  u32 stub_size;
  u32 stub_count;
};
extern char blob[] __attribute__((visibility("hidden")));

/* In the order of `imports` in glue.ts; the loader fills it through one GLOB_DAT relocation each. */
struct got {
  status (*create_external_arraybuffer)(env, void *, size, void *, void *, value *);
  status (*create_function)(env, const char *, size, value (*)(env, info), void *, value *);
  status (*create_int32)(env, i32, value *);
  status (*set_named_property)(env, value, const char *, value);
  status (*get_cb_info)(env, info, size *, value *, value *, void **);
  status (*get_value_int64)(env, value, i64 *);
  status (*get_value_string_utf8)(env, value, char *, size, size *);
  status (*get_value_bigint_int64)(env, value, i64 *, u8 *);
};

#define config (*(const struct config *)blob)
#define at(offset) (blob + (offset))
#define got ((const struct got *)at(config.got))

/* Strings are copied here, on the stack: a tracer cannot fault pages in, and this one was just written. */
#define ARGUMENTS 6
#define TEXT 1024
#define LAST 4096

/* The text of a string, always ended, and with "…" at its end where it did not fit. */
static char *text(env env, value from, char *to, size room) {
  size length = 0, whole = 0;
  if (got->get_value_string_utf8(env, from, to, room, &length) != 0) return 0;
  if (length + 4 >= room && got->get_value_string_utf8(env, from, 0, 0, &whole) == 0 && whole > length) {
    if (length > room - 4) length = room - 4;
    while (length > 0 && (to[length] & 0xc0) == 0x80) length--;
    to[length++] = (char)0xe2;
    to[length++] = (char)0x80;
    to[length++] = (char)0xa6;
    to[length] = 0;
  }
  return to;
}

static value fire(env env, info info) {
  value values[1 + ARGUMENTS];
  i64 arguments[ARGUMENTS];
  char texts[(ARGUMENTS - 1) * TEXT + LAST];
  char *to = texts;
  size count = 1 + ARGUMENTS;
  i64 stub = -1;
  if (got->get_cb_info(env, info, &count, values, 0, 0) != 0 || count == 0) return 0;
  if (got->get_value_int64(env, values[0], &stub) != 0 || stub < 0 || stub >= config.stub_count) return 0;
  for (size i = 0; i < ARGUMENTS; i++) {
    u8 lossless;
    arguments[i] = 0;
    if (i + 1 >= count || got->get_value_int64(env, values[i + 1], &arguments[i]) == 0) continue;
    size room = i == ARGUMENTS - 1 ? LAST : TEXT;
    char *copied = text(env, values[i + 1], to, room);
    if (copied != 0) {
      arguments[i] = (i64)copied;
      to += room;
    } else if (got->get_value_bigint_int64(env, values[i + 1], &arguments[i], &lossless) != 0) arguments[i] = 0;
  }
  void (*call)(i64, i64, i64, i64, i64, i64) = (void *)at(config.stubs + (i32)(stub * config.stub_size));
  call(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
  /* Keeps the texts alive, and this from being a tail call that gives them up. */
  __asm__ volatile("" : : "r"(texts) : "memory");
  return 0;
}

/* What Node looks for. A host that refuses memory that is not its own is reported, and has no probes. */
value napi_register_module_v1(env env, value exports) {
  value made;
  status failed = got->create_external_arraybuffer(env, at(config.cells), config.cells_size, 0, 0, &made);
  if (failed == 0) {
    got->set_named_property(env, exports, "cells", made);
    failed = got->create_external_arraybuffer(env, at(config.index), config.index_size, 0, 0, &made);
  }
  if (failed == 0) {
    got->set_named_property(env, exports, "index", made);
    failed = got->create_function(env, "fire", 4, fire, 0, &made);
  }
  if (failed == 0) got->set_named_property(env, exports, "fire", made);
  else if (got->create_int32(env, failed, &made) == 0) got->set_named_property(env, exports, "failed", made);
  return exports;
}
