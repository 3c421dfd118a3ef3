/** What a subscriber heard, apart from what only a transformed program tells: that a suspended function leaves its spans. */

/** For programs in which nothing is told while a function is suspended. */
export function withoutSuspensions(events: string): string {
  const left = events.replaceAll(/^exit (\S+)\nenter \1\n/gm, "");
  return left === events ? events : withoutSuspensions(left);
}

/** For programs in which it may be: no enter and exit at all. */
export function withoutActivity(events: string): string {
  return events
    .split("\n")
    .filter((line) => !/^(?:enter|exit) /.test(line))
    .join("\n");
}

/** The spans that were not left as often as they were entered. */
export function unbalanced(events: string): readonly string[] {
  const depths = new Map<string, number>();
  for (const [, what, span = ""] of events.matchAll(/^(enter|exit) (\S+)$/gm)) {
    depths.set(span, (depths.get(span) ?? 0) + (what === "enter" ? 1 : -1));
  }
  return [...depths].filter(([, depth]) => depth !== 0).map(([span, depth]) => `${span}: ${depth}`);
}
