// `npm run broken-images -- IMAGE.tar [--only NAME,NAME]`: gives each broken node image to `triad inspect` and prints
// what it said, how long that took, and what it left behind. IMAGE.tar is what `examples/build-node systemd-compose`
// writes. It needs Linux and root. The exit code is 1 when a case is not as its table says.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { repository } from "#base/repository.ts";
import { type Engine, useEngine } from "#engine/engine.ts";
import { label } from "#engine/labels.ts";
import { makeCase, type RightImage } from "./make-case.ts";
import { type BrokenCase, profileOf, readCases } from "./read-cases.ts";

const longestMs = 60_000;

function rightImage(archive: string, folder: string): RightImage {
  execFileSync("tar", ["-C", folder, "-xf", archive]);
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), "utf8"));
  const [{ Config, Layers }] = json("manifest.json") as [{ Config: string; Layers: [string] }];
  return { config: json(Config) as RightImage["config"], layer: join(folder, Layers[0]) };
}

interface Ended {
  exit: number;
  text: string;
  wallMs: number;
  left: string[];
}

async function inspected(docker: Engine["docker"], image: string, profile: string): Promise<Ended> {
  const before = new Set(hostTraces());
  const startNs = nowNs();
  const child = spawn(join(repository, "triad"), ["inspect", "--image", image, "--profile", profile]);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const exit = await new Promise<number>((ended) => child.on("close", (code) => ended(code ?? 128)));
  const wallMs = elapsedMs(startNs);
  const left = [...hostTraces().filter((one) => !before.has(one)), ...(await zoneTraces(docker, child.pid!))];
  return { exit, text, wallMs, left };
}

/** Mounts, loop devices and folders of the intake on this machine. Those of other runs come and go. */
function hostTraces(): string[] {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const ours = /triad-(?:disk|node|controller)-/;
  return [...mounts.filter((line) => ours.test(line)), ...readdirSync(tmpdir()).filter((name) => ours.test(name))];
}

/** Containers and networks of the zone that this process made. */
async function zoneTraces(docker: Engine["docker"], pid: number): Promise<string[]> {
  const filters = { label: [label.zone] };
  const found = [...(await docker.listContainers({ all: true, filters })), ...(await docker.listNetworks({ filters }))];
  return found.map(({ Labels }) => Labels?.[label.zone] ?? "").filter((zone) => zone.startsWith(`${pid}-inspect`));
}

/** What is not as the table says; empty when all of it is. */
function wrongIn(one: BrokenCase, { exit, text, wallMs, left }: Ended): string[] {
  const place = one.code ? textOfError(text, one.code) : textOfPoint(text, one.point!);
  return [
    ...(exit === (one.code ? 64 : 3) ? [] : [`exit ${exit}`]),
    ...(place === undefined ? [`${one.code ?? one.point} is not named`] : []),
    ...one.words.filter((word) => place?.includes(word) === false).map((word) => `it does not say "${word}"`),
    ...(wallMs > longestMs ? ["it took too long"] : []),
    ...left.map((trace) => `it left ${trace}`),
  ];
}

const textOfError = (text: string, code: string) => (text.includes(`[${code}]`) ? text : undefined);

function textOfPoint(text: string, point: string): string | undefined {
  return new RegExp(`^not met +${point} .*(?:\\n {13}.*)*`, "m").exec(text)?.[0];
}

function saidIn(one: BrokenCase, text: string): string {
  const saw = one.code ? /\[[a-z/-]+\] .*/.exec(text)?.[0] : /saw +(.*)/.exec(textOfPoint(text, one.point!) ?? "")?.[1];
  const first = /Begin with ([a-z-]+)/.exec(text)?.[1];
  return `${saw ?? text.trim().split("\n").at(-1)}${first && first !== one.point ? ` (first: ${first})` : ""}`;
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { only: { type: "string" } } });
  const [archive] = positionals;
  if (archive === undefined)
    throw new HarnessError("usage/bad-value", "usage: npm run broken-images -- IMAGE.tar [--only NAME,NAME]");
  const only = values.only?.split(",");
  const cases = readCases().filter(({ name }) => !only || only.includes(name));
  const folder = mkdtempSync(join(tmpdir(), "triad-broken-"));
  let wrongCount = 0;
  try {
    await using engine = await useEngine(() => {});
    const right = rightImage(archive, folder);
    for (const one of cases) {
      const [image, profile] = [join(folder, "case.tar"), join(folder, "profile.yaml")];
      rmSync(image, { force: true });
      await makeCase(right, one, image);
      writeFileSync(profile, profileOf(one));
      const ended = await inspected(engine.docker, image, profile);
      const wrong = wrongIn(one, ended);
      wrongCount += wrong.length > 0 ? 1 : 0;
      const seconds = `${Math.round(ended.wallMs / 100) / 10} s`;
      const state = wrong.length > 0 ? `WRONG: ${wrong.join("; ")}` : "as it must";
      process.stdout.write(`${one.name} | exit ${ended.exit} | ${seconds} | ${one.code ?? one.point} | ${state}\n`);
      process.stdout.write(`    ${saidIn(one, ended.text)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return wrongCount > 0 ? 1 : 0;
}

process.exitCode = await main();
