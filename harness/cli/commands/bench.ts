// `triad bench`: measurements of this machine. They are not verdicts. One subcommand for each benchmark.

import type { Command } from "commander";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import type { CommandContext } from "#api/operations.ts";
import type { BenchmarkName, BenchmarkOptions } from "#api/run-options.ts";
import type { NodeName } from "#spec/node.ts";
import { folder, natsServer, orList, parseNode, serverHelp, wholeNumber } from "../parse-option.ts";
import { examples, printAnswer } from "./options.ts";

const benchmarkNames = ["zone", "run", "parallel", "exchange", "checker", "pause"] satisfies BenchmarkName[];

interface Flags {
  out?: string;
  json?: true;
}

export function addBench(program: Command, context: CommandContext): void {
  const bench = program
    .command("bench")
    .summary("measure speed and resources on this machine")
    .description("Measures speed and resources on this machine. The figures are not verdicts.")
    .addHelpText("after", examples("bench", "bench run /tmp/evidence", "bench parallel 4"));
  const run = async <Name extends BenchmarkName>(name: Name, options: BenchmarkOptions[Name], { json }: Flags) => {
    printAnswer(context, await (await context.operations()).bench(name, options, context), json);
  };
  addZone(bench).action((_name: undefined, flags: Flags) => run("zone", defined({ out: flags.out }), flags));
  addRun(bench).action((path: string, flags: Flags) => run("run", { folder: path }, flags));
  addParallel(bench).action((zones: number, flags: Flags & { samples: number }) =>
    run("parallel", { zones, samples: flags.samples, ...defined({ out: flags.out }) }, flags),
  );
  addExchange(bench).action((facts: number, flags: Flags) => run("exchange", { facts }, flags));
  addPause(bench).action((nodes: NodeName[], flags: Flags & PauseFlags) => {
    const { for: seconds, samples, natsServer: server, out } = flags;
    return run("pause", { nodes, seconds, samples, ...defined({ natsServer: server, out }) }, flags);
  });
  addChecker(bench).action((operations: number, flags: Flags) => run("checker", { operations }, flags));
}

function addZone(bench: Command): Command {
  return (
    addFlags(bench.command("zone", { isDefault: true }), { hasFolder: true })
      .description("Starts one zone and measures start time, memory, observer and failover (default).")
      .usage("[options]")
      // It takes no argument. As the default it gets every word that is not a benchmark.
      .argument("[name]", "", unknownBenchmark)
      .addHelpText("after", examples("bench", "bench zone --json"))
  );
}

function addRun(bench: Command): Command {
  return addFlags(bench.command("run"))
    .description("Compares the wall time of a finished run with its minimum duration. No Docker.")
    .argument("<folder>", "evidence folder of a gate", folder("the folder"))
    .addHelpText("after", examples("bench run /tmp/evidence", "bench run /tmp/evidence --json"));
}

function addParallel(bench: Command): Command {
  return addFlags(bench.command("parallel"), { hasFolder: true })
    .description("Measures failover times with 1 to n zones at a time.")
    .argument("<n>", "largest number of zones at a time", wholeNumber("n", 1, 16))
    .option("--samples <n>", "failovers for each number of zones", wholeNumber("--samples", 1, 100), 3)
    .addHelpText("after", examples("bench parallel 3", "bench parallel 4 --samples 10 --out /tmp/parallel"));
}

function addExchange(bench: Command): Command {
  return addFlags(bench.command("exchange"))
    .description("Sends n facts each way between two zones, through two failovers and a cut of a minute.")
    .argument("<n>", "facts each way", wholeNumber("n", 1_000))
    .addHelpText("after", examples("bench exchange 20000", "bench exchange 100000 --json"));
}

function addChecker(bench: Command): Command {
  return addFlags(bench.command("checker"))
    .description("Reads and judges a generated history of n operations. No Docker.")
    .argument("<n>", "operations", wholeNumber("n", 1, 10_000_000))
    .addHelpText("after", examples("bench checker 1000000", "bench checker 50000 --json"));
}

interface PauseFlags {
  for: number;
  samples: number;
  natsServer?: string;
}

function addPause(bench: Command): Command {
  return addFlags(bench.command("pause"), { hasFolder: true })
    .description("Freezes nodes of a zone in turn, under load, and measures how long no fact is acknowledged.")
    .argument("<node...>", "alpha, beta or gamma; gamma runs nats-server alone", nodesInTurn)
    .option("--for <s>", "seconds of each pause", seconds, 4.5)
    .option("--samples <n>", "pauses", wholeNumber("--samples", 1, 100), 10)
    .option("--nats-server <server>", serverHelp, natsServer)
    .addHelpText("after", examples("bench pause gamma", "bench pause alpha beta --for 6 --nats-server debian:forky"));
}

const nodesInTurn = (text: string, former?: NodeName[]): NodeName[] => [...(former ?? []), parseNode(text)];

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0 && value <= 60) return value;
  throw new HarnessError("usage/bad-value", `invalid --for "${text}": use seconds up to 60, such as 4.5`);
}

function unknownBenchmark(text: string): never {
  throw new HarnessError("usage/bad-value", `unknown benchmark "${text}": use ${orList(benchmarkNames)}`, {
    remedy: "See: ./triad bench --help",
  });
}

function addFlags(command: Command, { hasFolder = false } = {}): Command {
  if (hasFolder) command.option("--out <folder>", "keep the evidence of the measured runs here", folder("--out"));
  return command.option("--json", "print the figures as JSON");
}
