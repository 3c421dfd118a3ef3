/** Runs the cells of one group on all Nodes, in random order, once in each round. */
import { runCell } from "./run-cell.mjs";

/**
 * `{ [major]: { [cell]: [numbers of round 0, …] } }`. A cell is `{ table, row, variant, … }`; it may name its
 * `nodes`, and with `rounds` that it says the same each time. Numbers may be those of several `variants`. Failures are told and left out.
 */
export async function runGroup(name, group, nodes, options, folder) {
  const planned = group.cells(options).filter((cell) => keyOf(cell).includes(options.only));
  await group.prepare?.(folder, planned, nodes);
  // in the order of the plan, which is the order of the report
  const results = Object.fromEntries(
    nodes.map(({ major }) => [major, Object.fromEntries(planned.map((cell) => [keyOf(cell), []]))]),
  );
  for (let round = 0; round < options.rounds; round++) {
    const jobs = nodes.flatMap((node) =>
      planned
        .filter((cell) => round < (cell.rounds ?? Infinity) && (cell.nodes?.includes(node.major) ?? true))
        .map((cell) => [node, cell]),
    );
    for (const [done, [node, cell]] of shuffled(jobs).entries()) {
      progress(`${name}: round ${round + 1} of ${options.rounds}, ${done + 1} of ${jobs.length}`);
      const numbers = runCell(node, name, cell, folder);
      if (numbers.failed) tell(`${name}, ${keyOf(cell)}, Node ${node.major}: ${numbers.failed}`);
      for (const [variant, own] of Object.entries(numbers.variants ?? { [cell.variant]: numbers })) {
        if (!own.failed) (results[node.major][keyOf({ ...cell, variant })] ??= [])[round] = own;
      }
    }
  }
  progress("");
  return results;
}

/** The name of a cell in the data. */
export function keyOf({ table, row, variant }) {
  return [table, row, variant].join(" | ");
}

function shuffled(list) {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const other = Math.floor(Math.random() * (i + 1));
    [result[i], result[other]] = [result[other], result[i]];
  }
  return result;
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function tell(text) {
  progress("");
  console.error(text);
}
