/** Reads the machine code that V8 prints. */

/** The least number of instructions from a function's entry to its return: the way that takes no branch to work. */
export function instructionsThrough(printed) {
  const body = printed.slice(printed.indexOf("Instructions (size"));
  const code = [];
  const at = new Map();
  for (const line of body.split("\n").slice(1)) {
    const match = /^0x[0-9a-f]+\s+([0-9a-f]+)\s+[0-9a-f]+\s+(?:REX\.W )?(\S+)(.*)$/.exec(line);
    if (match) {
      at.set(Number.parseInt(match[1], 16), code.length);
      code.push({ name: match[2], target: targetOf(match[3]) });
    } else if (line.trim() === "" || !line.startsWith(" ")) break;
  }
  const distance = Array(code.length).fill(Infinity);
  distance[0] = 1;
  const queue = [0];
  let least = Infinity;
  for (const index of queue) {
    const { name, target } = code[index];
    if (name.startsWith("ret")) {
      least = Math.min(least, distance[index]);
      continue;
    }
    for (const next of [name === "jmp" ? undefined : index + 1, name.startsWith("j") ? at.get(target) : undefined]) {
      if (next === undefined || next >= code.length || distance[next] <= distance[index] + 1) continue;
      distance[next] = distance[index] + 1;
      queue.push(next);
    }
  }
  return least;
}

function targetOf(operands) {
  const match = /<\+0x([0-9a-f]+)>/.exec(operands);
  return match ? Number.parseInt(match[1], 16) : undefined;
}
