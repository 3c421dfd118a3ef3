/** Line plots as SVG, readable on light and dark pages. */
import { amount } from "./report.mjs";

const size = { width: 640, height: 360 };
const area = { left: 76, top: 40, right: 616, bottom: 300 };
const colours = ["#2f81f7", "#d29922", "#3fb950", "#db61a2", "#a371f7", "#f0883e"];

/**
 * `lines` are `{ name, points: [[x, y], …] }`; `isLog` makes both axes logarithmic. Labels of axes name their units.
 * Answers the text of the file.
 */
export function plot({ title, x, y, lines, isLog = false }) {
  const known = lines.map(({ name, points }) => ({ name, points: points.filter(([, value]) => value > 0 || !isLog) }));
  const all = known.flatMap(({ points }) => points);
  const horizontal = scale(
    all.map(([value]) => value),
    [area.left, area.right],
    isLog,
  );
  const vertical = scale([...all.map(([, value]) => value), ...(isLog ? [] : [0])], [area.bottom, area.top], isLog);
  const parts = [
    `<text class="title" x="${area.left}" y="22">${escaped(title)}</text>`,
    ...horizontal.ticks.map((value) => {
      const at = horizontal.at(value);
      return `<line class="grid" x1="${at}" x2="${at}" y1="${area.top}" y2="${area.bottom}"/><text x="${at}" y="${area.bottom + 18}" text-anchor="middle">${short(value)}</text>`;
    }),
    ...vertical.ticks.map((value) => {
      const at = vertical.at(value);
      return `<line class="grid" x1="${area.left}" x2="${area.right}" y1="${at}" y2="${at}"/><text x="${area.left - 8}" y="${at + 4}" text-anchor="end">${short(value)}</text>`;
    }),
    `<text x="${(area.left + area.right) / 2}" y="${area.bottom + 40}" text-anchor="middle">${escaped(x)}</text>`,
    `<text transform="translate(18 ${(area.top + area.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`,
    ...known.flatMap(({ name, points }, index) => drawn(name, points, index, horizontal.at, vertical.at)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escaped(title)}">
<style>
text { font: 12px system-ui, sans-serif; fill: #424a53; }
.title { font-weight: 600; font-size: 13px; }
.grid { stroke: #8c959f; stroke-opacity: 0.25; }
polyline { fill: none; stroke-width: 2; }
@media (prefers-color-scheme: dark) { text { fill: #c9d1d9; } }
</style>
${parts.join("\n")}
</svg>
`;
}

function drawn(name, points, index, toX, toY) {
  const colour = colours[index % colours.length];
  const places = points.map(([x, y]) => [toX(x), toY(y)].map((value) => value.toFixed(1)));
  const key = area.top + 14 + index * 18;
  return [
    `<polyline stroke="${colour}" points="${places.map((place) => place.join(",")).join(" ")}"/>`,
    ...places.map(
      ([x, y], at) =>
        `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"><title>${escaped(`${name}: ${amount(points[at][1])}`)}</title></circle>`,
    ),
    `<line x1="${area.left + 12}" x2="${area.left + 32}" y1="${key - 4}" y2="${key - 4}" stroke="${colour}" stroke-width="2"/>`,
    `<text x="${area.left + 38}" y="${key}">${escaped(name)}</text>`,
  ];
}

/** A linear scale from 0, or a logarithmic one by powers of ten. */
function scale(values, [from, to], isLog) {
  if (isLog) {
    const least = Math.floor(Math.log10(Math.min(...values)));
    const most = Math.max(Math.ceil(Math.log10(Math.max(...values))), least + 1);
    const at = (value) => Number((from + ((Math.log10(value) - least) / (most - least)) * (to - from)).toFixed(1));
    return { at, ticks: Array.from({ length: most - least + 1 }, (_, step) => 10 ** (least + step)) };
  }
  const greatest = Math.max(...values);
  const rough = greatest / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough);
  const most = Math.ceil(greatest / step) * step;
  const at = (value) => Number((from + (value / most) * (to - from)).toFixed(1));
  return { at, ticks: Array.from({ length: Math.round(most / step) + 1 }, (_, index) => index * step) };
}

function short(value) {
  if (value >= 1e6) return `${value / 1e6}M`;
  if (value >= 1e3) return `${value / 1e3}k`;
  return String(Number(value.toPrecision(3)));
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
