// `npm run load-cases -- [--cases one-core,half-core,neighbour] [--out FOLDER] [--minutes N] GATE OPTIONS`: runs a gate
// while the machine has less to give, once for each case, and prints wall times and counts of verdicts. It needs Linux
// and root. The harness, its engine and all zones are in one control group; nothing else is.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { delay, elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import { decodeVerdicts } from "#report/verdicts-file.ts";
import { type Limit, LoadGroup } from "./load-group.ts";
import { type CaseRow, countsOf, readArguments, rowLine, tableHead } from "./load-report.ts";

/** The name of the case says what the machine has left for the run. */
const limits: Readonly<Record<string, Limit>> = {
  "one-core": { cores: 1 },
  "half-core": { cores: 1, share: 0.5 },
  neighbour: {},
};

/** Keeps one core busy. It ends by itself when its parent is gone, and after that many seconds. */
const spin = `
const until = Date.now() + Number(process.argv[1]) * 1000;
const parent = process.ppid;
for (let turn = 0; turn % 1e6 !== 0 || (Date.now() < until && process.ppid === parent); turn++);
`;

function spinners(seconds: number): ChildProcess[] {
  const one = () => spawn(process.execPath, ["-e", spin, String(seconds)], { stdio: "ignore" });
  return Array.from({ length: availableParallelism() }, one);
}

async function runCase(name: string, { out, minutes, gate }: ReturnType<typeof readArguments>): Promise<CaseRow> {
  const limit = limits[name]!;
  const folder = join(out, name);
  const group = LoadGroup.make("triad-load", limit);
  const neighbours = name === "neighbour" ? spinners(minutes * 60 + 60) : [];
  const startNs = nowNs();
  try {
    const argv = ["gate", ...gate, "--out", folder, "--deadline", String(minutes * 60)];
    const child = spawn("sh", ["-c", group.enterAndRun(join(repository, "triad")), "sh", ...argv], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, TRIAD_CGROUP_PARENT: group.zones },
    });
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    process.on("SIGINT", forward).on("SIGTERM", forward);
    const exit = await new Promise<number>((ended) => child.on("close", (code) => ended(code ?? 128)));
    process.off("SIGINT", forward).off("SIGTERM", forward);
    const path = join(folder, "verdicts.json");
    const counts = existsSync(path) ? countsOf(decodeVerdicts(readFileSync(path, "utf8"))) : undefined;
    return { name, exit, wallS: Math.round(elapsedMs(startNs) / 1_000), ...(counts ? { counts } : {}) };
  } finally {
    for (const one of neighbours) one.kill("SIGKILL");
    // The engine ends some seconds after its last run.
    for (let tries = 0; !group.remove() && tries < 30; tries += 1) await delay(500);
  }
}

const asked = readArguments(process.argv.slice(2), Object.keys(limits));
if (process.getuid?.() !== 0) throw new HarnessError("engine/not-root", "a control group needs root");
mkdirSync(asked.out, { recursive: true });
const rows: CaseRow[] = [];
for (const name of asked.cases) {
  process.stdout.write(`case ${name}\n`);
  rows.push(await runCase(name, asked));
  writeFileSync(resolve(asked.out, "load-cases.json"), `${JSON.stringify(rows, null, 2)}\n`);
}
process.stdout.write(`${[...tableHead, ...rows.map(rowLine)].join("\n")}\n`);
process.exitCode = Math.max(...rows.map(({ exit }) => exit));
