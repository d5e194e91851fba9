// docs/faults.md: every fault with its options, from the table.

import { commandLineOf } from "../harness/cli/commands/fault.ts";
import { doesOf, examplesOf, faultNames, type FaultName, optionsOf } from "../harness/spec/faults.ts";
import { type FaultField, fieldsOf } from "../harness/spec/faults/fields.ts";

const intro = `A fault is recorded before it is injected. It proves its effect, and later its undoing. Before a scenario starts, each
fault says whether this kernel and daemon can do it. If not, the entries that need the fault are unknown.

Scenario, file and command line use the same names. In a file, a fault is an object: \`{ fault: kill, node: alpha }\`. On
the command line its fields are options, with dashes for capitals: \`delayMs\` is \`--delay-ms\`. Every fault has the field
\`node\`. A field in bold is required.

\`triad heal\` undoes every fault, \`triad heal NAME --node beta\` only that one.`;

export function faultsPage(): string {
  return `${intro}\n\n${faultNames.map(section).join("\n\n")}\n`;
}

function section(name: FaultName): string {
  const fields = fieldsOf(optionsOf(name)).filter((field) => field.name !== "node");
  const rows = fields.map((field) => `| ${fieldCell(field)} | ${valueCell(field)} | ${field.says} |`);
  const table = rows.length > 0 ? `\n\n| field | value | what |\n| --- | --- | --- |\n${rows.join("\n")}` : "";
  const lines = examplesOf(name).map((spec) => `./triad ${commandLineOf(spec)}`);
  return `## ${name}\n\n${doesOf(name)}${table}\n\n\`\`\`console\n${lines.join("\n")}\n\`\`\``;
}

function fieldCell({ name, isRequired }: FaultField): string {
  return isRequired ? `**\`${name}\`**` : `\`${name}\``;
}

function valueCell(field: FaultField): string {
  const { takes, choices, min, max, fallback } = field;
  const of = {
    word: choices.join(", "),
    words: `list of ${choices.join(", ")}`,
    number: max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`,
    flag: "true or false",
    text: "text",
  }[takes];
  return fallback === undefined ? of : `${of}; default ${fallback}`;
}
