// One cell in a process of its own: `node cell.mjs <group> <cell> <folder>`; the numbers go to descriptor 3.
import { writeSync } from "node:fs";

const [, , group, cell, folder] = process.argv;
const { measure } = await import(`./groups/${group}.mjs`);
const numbers = await measure(JSON.parse(cell), folder);
writeSync(3, JSON.stringify(numbers));
// peers leave timers and streams behind
process.exit(0);
