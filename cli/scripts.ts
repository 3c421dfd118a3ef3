/** bpftrace programs for a build, written for bpftrace 0.17 and newer. */
import { ownProbes, type ProbeArgument } from "./probe-arguments.ts";
import type { ProbeFile } from "./probe-files.ts";
import { Failure } from "./failure.ts";

/** `usdt:file:provider:probe` for each file. */
function places(files: readonly ProbeFile[], probe: string): string {
  return files.map(({ path, catalogue }) => `usdt:${path}:${catalogue.provider}:${probe}`).join(",\n");
}

/** One callsite with its fields decoded. */
export function follow(files: readonly ProbeFile[], wanted: string): string {
  for (const { path, catalogue } of files) {
    for (const probe of catalogue.callsites.flatMap(ownProbes)) {
      if (probe.name !== wanted) continue;
      return `usdt:${path}:${catalogue.provider}:${wanted}
{
  time("%H:%M:%S ");
${probe.arguments.flatMap((argument) => shown(argument, probe.arguments)).join("\n")}
  printf("\\n");
}
`;
    }
  }
  const near = files.flatMap(({ catalogue }) => catalogue.callsites.flatMap(({ probe }) => probe ?? []));
  throw new Failure(
    `there is no probe "${wanted}"; there are ${near.slice(0, 10).join(", ")}${near.length > 10 ? ", …" : ""}`,
  );
}

/** A field whose type is not known is read from the JSON, which is always right. */
function shown({ at, name, type }: ProbeArgument, all: readonly ProbeArgument[]): readonly string[] {
  switch (type) {
    case "text":
      return [`  printf("${name}=%s ", str(arg${at}));`];
    case "integer":
    case "boolean":
      return [`  printf("${name}=%ld ", arg${at});`];
    case "json":
      return all.some((one) => one.type === "value") ? [`  printf("%s", str(arg${at}));`] : [];
    case "value":
      return [];
  }
}

/** Histograms of total and busy time for each span name, in microseconds. */
export function latency(files: readonly ProbeFile[]): string {
  return `${places(files, "close")}
{
  @total_us[str(arg1)] = hist(arg3 / 1000);
  @busy_us[str(arg1)] = hist(arg2 / 1000);
  @total_mean_us[str(arg1)] = stats(arg3 / 1000);
  @busy_mean_us[str(arg1)] = stats(arg2 / 1000);
}
`;
}

/** The busiest callsites, by message and by the target they are in; counted anew every five seconds. */
export function top(files: readonly ProbeFile[]): string {
  return `${callsiteComments(files)}
${places(files, "event")}
{
  @events[str(arg3), arg0] = count();
}

${places(files, "new_span")}
{
  @spans[str(arg3), arg4] = count();
}

interval:s:5
{
  time("%H:%M:%S target, callsite: how often\\n");
  print(@events, 20);
  print(@spans, 20);
  clear(@events);
  clear(@spans);
}

END
{
  print(@events, 20);
  print(@spans, 20);
  clear(@events);
  clear(@spans);
}
`;
}

function callsiteComments(files: readonly ProbeFile[]): string {
  const rows = files.flatMap(({ catalogue }) =>
    catalogue.callsites.map(
      ({ id, file, line, message, name }) => `// ${id}: ${file}:${line} ${JSON.stringify(message ?? name)}`,
    ),
  );
  return `// The callsites:\n${rows.join("\n")}\n`;
}

/** The ten slowest of the outermost spans so far, every five seconds: total time in microseconds by name and id. */
export function slow(files: readonly ProbeFile[]): string {
  return `${places(files, "new_span")}
/arg1 == 0/
{
  @root[arg0] = 1;
}

${places(files, "close")}
/@root[arg0]/
{
  @slowest_us[str(arg1), arg0] = arg3 / 1000;
  delete(@root[arg0]);
}

interval:s:5
{
  time("%H:%M:%S\\n");
  print(@slowest_us, 10);
}

END
{
  print(@slowest_us, 10);
  clear(@slowest_us);
  clear(@root);
}
`;
}

/** The spans and events of the next request (or of the next one with a given outermost span), indented by depth. */
export function tree(files: readonly ProbeFile[], name: string | undefined): string {
  const indent = [1, 2, 3, 4, 5, 6, 7, 8].map((depth) => `  if ($depth >= ${depth}) { printf("  "); }`).join("\n");
  const wanted = name === undefined ? "" : ` && str(arg2) == "${name}"`;
  return `BEGIN
{
  @depth[(uint64)0] = 0;
  @done = (uint64)0;
  @start = nsecs;
}

${places(files, "new_span")}
/@depth[arg1] || (!@done && arg1 == 0${wanted})/
{
  $depth = @depth[arg1];
  if (arg1 == 0) { @done = arg0; @start = nsecs; }
  @depth[arg0] = $depth + 1;
  printf("%6ld us ", (nsecs - @start) / 1000);
${indent}
  printf("%s ", str(arg2));
  printf("%s\\n", str(arg5));
}

${places(files, "event")}
/@depth[arg2]/
{
  $depth = @depth[arg2];
  printf("%6ld us ", (nsecs - @start) / 1000);
${indent}
  printf("- %s ", str(arg4));
  printf("%s\\n", str(arg5));
}

${places(files, "close")}
/@depth[arg0]/
{
  $depth = @depth[arg0] - 1;
  printf("%6ld us ", (nsecs - @start) / 1000);
${indent}
  printf("%s ended after %ld us, busy %ld us\\n", str(arg1), arg3 / 1000, arg2 / 1000);
  delete(@depth[arg0]);
  if (arg0 == @done) { exit(); }
}

END
{
  clear(@depth);
  clear(@done);
  clear(@start);
}
`;
}
