// docs/coverage.md: which ways of failing a gate brings to which node, and in how many repeats. Pure: scenarios in,
// Markdown out.

import { type Cell, repeatsFor } from "../harness/spec/coverage.ts";
import { drawsOf } from "../harness/spec/draw.ts";
import { nodeNames } from "../harness/spec/node.ts";
import type { ScenarioSpec } from "../harness/spec/scenario.ts";

export function coveragePage(scenarios: readonly ScenarioSpec[]): string {
  const all = [...repeatsFor(scenarios).values()];
  const most = Math.max(...all.map(({ repeats }) => repeats));
  const surely = all.filter(({ repeats }) => repeats === 1).length;
  const drawn = scenarios.filter((one) => one.draws);
  const intro =
    "Each cell is a way of failing, a node, and whether that node was active. `every` means that each run of the gate has\n" +
    "it. A gate with as many repeats as the number (`--repeat N`) tries the cell with every seed. No gate tries an empty cell.\n\n" +
    `A gate with one repeat has ${surely} of ${all.length} cells for certain, and some of the others by its seed. With ${most} repeats it has all.\n\n` +
    "In these scenarios the seed draws which node gets which way. `plan.json` and the header of each history name the draw:\n" +
    `${drawn.map((one) => `\`${one.name}\` (${drawsOf(one).length} draws)`).join(", ")}.`;
  const suites = [...Map.groupBy(scenarios, ({ suite }) => suite)].flatMap(([suite, of]) => {
    const rows = rowsOf([...repeatsFor(of).values()]);
    const head = `| way | node was | ${nodeNames.join(" | ")} |\n| --- | --- | --- | --- | --- |`;
    return rows.length > 0 ? [`## ${suite}\n\n${head}\n${rows.join("\n")}`] : [];
  });
  return `${intro}\n\n${suites.join("\n\n")}\n`;
}

function rowsOf(cells: readonly { cell: Cell; repeats: number }[]): string[] {
  const rows = Map.groupBy(cells, ({ cell }) => `| ${cell.way} | ${cell.isActive ? "active" : "not active"} |`);
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([head, of]) => {
      const columns = nodeNames.map((node) => {
        const repeats = of.find(({ cell }) => cell.node === node)?.repeats;
        return repeats === undefined ? "" : repeats === 1 ? "every" : `${repeats}`;
      });
      return `${head} ${columns.join(" | ")} |`;
    });
}
