// `triad fault`: one fault on a node of a zone that is up. It prints the proof of the effect. Each fault of the table
// is a command below it, with the fault's fields as options.

import { type Command, Option } from "commander";
import { HarnessError } from "#base/errors.ts";
import { didYouMean } from "#base/nearest.ts";
import type { CommandContext } from "#api/operations.ts";
import type { ZoneChoice } from "#api/zone-options.ts";
import { doesOf, examplesOf, faultNames, type FaultName, type FaultSpec, faultShape, optionsOf } from "#spec/faults.ts";
import { type FaultField, fieldsOf } from "#spec/faults/fields.ts";
import { list, oneOf, parseNode, wholeNumber } from "../parse-option.ts";
import { addZoneFlag, examples, zoneOf } from "./options.ts";

/** `delayMs` as an option: `--delay-ms`. */
const dashed = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export function addFault(program: Command, context: CommandContext): void {
  const command = program
    .command("fault")
    .summary("inject any fault into a node")
    .usage("<fault> --node <node> [options]")
    .description(
      "Injects a fault into a node of a zone that is up and prints the proof of its effect.\n\n" +
        "The names and the options are those of a scenario. `triad fault NAME --help` has the options of one fault;\n" +
        "docs/faults.md has all. `triad heal` undoes them.",
    )
    .argument("[fault]", "the name of the fault")
    .allowUnknownOption()
    .allowExcessArguments()
    .helpCommand(false)
    .addHelpText("after", examples("fault kill alpha", "fault storage --node beta --way full --zone second"))
    .action((name?: string) => {
      throw unknownFault(name);
    });
  for (const name of faultNames) addOne(command, name, context);
}

/** What the fault needs is a fault's name, as in `triad heal NAME`. */
export function parseFault(text: string): FaultName {
  const name = faultNames.find((one) => one === text);
  if (!name) throw unknownFault(text);
  return name;
}

function unknownFault(text?: string): HarnessError {
  return new HarnessError("usage/unknown-fault", text === undefined ? "no fault given" : `unknown fault "${text}"`, {
    expected: didYouMean(text ?? "", faultNames, faultNames.join(", ")),
    remedy: "See: ./triad fault --help",
  });
}

function addOne(parent: Command, name: FaultName, context: CommandContext): void {
  const fields = fieldsOf(optionsOf(name)).filter((field) => field.name !== "node");
  const command = parent
    .command(name)
    .summary(firstSentence(doesOf(name)))
    .description(doesOf(name))
    .argument("[node]", "alpha, beta or gamma; or use --node", parseNode)
    .option("--node <name>", "alpha, beta or gamma", parseNode);
  for (const field of fields) command.addOption(optionFor(field));
  addZoneFlag(command)
    .addHelpText("after", examples(commandLineOf(examplesOf(name)[0]!)))
    .action(async (place: string | undefined, flags: ZoneChoice & Record<string, unknown>) => {
      const { zone: _, ...given } = flags;
      const spec = specOf(name, { node: place, ...given });
      context.print(await (await context.operations()).fault({ spec, ...zoneOf(flags) }, context));
    });
}

/** @throws HarnessError `usage/bad-value` for a field that is missing or does not fit */
function specOf(name: FaultName, given: object): FaultSpec {
  const parsed = faultShape.safeParse({ fault: name, ...given });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? "");
  const value = (given as Record<string, unknown>)[field];
  const happened =
    value === undefined ? `fault ${name} needs --${dashed(field)}` : `invalid --${dashed(field)}: ${issue?.message}`;
  throw new HarnessError("usage/bad-value", happened, { remedy: `See: ./triad fault ${name} --help` });
}

function optionFor(field: FaultField): Option {
  const flag = `--${dashed(field.name)}`;
  const value = { word: " <word>", words: " <words>", number: " <n>", text: " <text>", flag: "" }[field.takes];
  const choices = field.choices.length > 0 ? `: ${field.choices.join(", ")}` : "";
  const fallback = field.fallback === undefined ? "" : ` (default: ${field.fallback})`;
  const option = new Option(`${flag}${value}`, `${field.says}${choices}${fallback}`);
  if (field.takes === "word") option.argParser(oneOf(flag, field.choices));
  if (field.takes === "words")
    option.argParser((text: string, former?: string[]) =>
      list(flag)(text, former).map((one) => oneOf(flag, field.choices)(one)),
    );
  if (field.takes === "number")
    option.argParser(field.isWhole ? wholeNumber(flag, field.min ?? 0, field.max) : (text: string) => Number(text));
  return option;
}

/** The command that injects this spec. */
export function commandLineOf(spec: FaultSpec): string {
  const { fault, node, ...fields } = spec;
  const options = Object.entries(fields).map(([name, value]) =>
    value === true ? `--${dashed(name)}` : `--${dashed(name)} ${Array.isArray(value) ? value.join(",") : value}`,
  );
  return ["fault", fault, "--node", node, ...options].join(" ");
}

function firstSentence(text: string): string {
  return text.split(/(?<=\.)\s/)[0]!;
}
