import type { Reached } from "../../pipelines/boot/booted.ts";

/** A boot to be drawn: the seconds until each milestone, of the first start and of the one after it. */
interface Point {
  readonly first: Reached;
  readonly warm?: Reached | undefined;
  readonly number?: string | undefined;
}

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [640, 240, 48, 28, 16];
/** As many as can be told apart. */
const POINTS_MAX = 30;

/** The seconds until login of boots, oldest first, as an SVG: a line each for first and warm starts, and the budget's. */
export function bootPlot(points: readonly Point[], budget: number | undefined): string {
  const shown = points.slice(-POINTS_MAX);
  const times = shown.flatMap(({ first, warm }) => [first.login ?? 0, warm?.login ?? 0]);
  const most = Math.max(...times, budget ?? 0, 1) * 1.1;
  const x = (index: number): number =>
    LEFT + (WIDTH - LEFT - 16) * (shown.length > 1 ? index / (shown.length - 1) : 1);
  const y = (seconds: number): number => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * seconds) / most;
  const line = (name: "first" | "warm", colour: string): string =>
    series(
      shown.flatMap((point, index) => {
        const login = point[name]?.login;
        return login === undefined
          ? []
          : [{ x: x(index), y: y(login), label: `${point.number ?? ""} ${login.toFixed(1)} s` }];
      }),
      colour,
    );
  const allowed = budget === undefined ? "" : rule(y(budget), `${budget} s allowed`, "#cf222e");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>Seconds until login</title><rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...[0, most / 2, most].map((value) => rule(y(value), value.toFixed(0), "#d0d7de")),
    allowed,
    line("first", "#0969da"),
    line("warm", "#1a7f37"),
    `<text x="${LEFT}" y="${HEIGHT - 8}" fill="#0969da">first boot</text>`,
    `<text x="${LEFT + 90}" y="${HEIGHT - 8}" fill="#1a7f37">once more</text>`,
    "</svg>\n",
  ].join("\n");
}

const rule = (y: number, label: string, colour: string): string =>
  `<path d="M${LEFT} ${y.toFixed(1)}H${WIDTH - 16}" stroke="${colour}"/><text x="4" y="${(y - 3).toFixed(1)}" fill="#57606a">${escaped(label)}</text>`;

function series(
  points: readonly { readonly x: number; readonly y: number; readonly label: string }[],
  colour: string,
): string {
  const path = points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  const dots = points.map(
    ({ x, y, label }) =>
      `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${colour}"><title>${escaped(label)}</title></circle>`,
  );
  return points.length === 0 ? "" : `<path d="M${path}" fill="none" stroke="${colour}"/>${dots.join("")}`;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

const escaped = (text: string): string => Array.from(text, (c) => ENTITIES.get(c) ?? c).join("");
