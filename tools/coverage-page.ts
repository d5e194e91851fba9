// docs/coverage.md: which ways of failing a gate brings to which node, and in how many repeats. Pure: scenarios in,
// Markdown out.

import { type Cell, repeatsFor } from "../harness/spec/coverage.ts";
import { drawsOf } from "../harness/spec/scenario.ts";
import { nodeNames } from "../harness/spec/node.ts";
import type { ScenarioSpec } from "../harness/spec/scenario.ts";

export function coveragePage(scenarios: readonly ScenarioSpec[]): string {
  const all = [...repeatsFor(scenarios).values()];
  const most = Math.max(...all.map(({ repeats }) => repeats));
  const surely = all.filter(({ repeats }) => repeats === 1).length;
  const drawn = scenarios.filter((one) => one.draws);
  const intro =
    "A cell stands for a way of failing, a node, and whether that node was active. `every` means that each run of the gate\n" +
    "tries the cell. A number N means that a gate with `--repeat N` tries it with any seed. No gate tries an empty cell.\n\n" +
    `A gate with one repeat has ${surely} of ${all.length} cells for certain. Its seed adds some of the others. With ${most} repeats a gate has all cells.\n\n` +
    "The seed draws which node gets which way ([decision 0025](decisions/0025-draws.md)). `plan.json` and the header of each\n" +
    "history name the draw. These scenarios have draws:\n\n" +
    drawn.map((one) => `- \`${one.name}\`: ${drawsOf(one).length} draws`).join("\n");
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
