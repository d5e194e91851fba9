// Damages saved folders at random, by a seed. No damage may crash or hang the check, and none may leave a changed
// verdict in agreement. `TRIAD_DAMAGED_FOLDERS=1000` tries so many; each failure names its seed.

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { seeded } from "#base/random.ts";
import type { VerdictsFile } from "#spec/verdict.ts";
import { checkFolder } from "./check-folder.ts";
import { copyFolder, saveFolder } from "../fakes/saved-folder.ts";

const count = Number(process.env["TRIAD_DAMAGED_FOLDERS"] ?? "100");
const hangMs = 10_000;
let root = "";
let whole = "";
let files: string[] = [];
let right: string[] = [];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "triad-damage-"));
  whole = join(root, "whole");
  saveFolder(whole, ["steady-look"]);
  files = readdirSync(whole, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(whole, name)).isFile(),
  );
  right = verdictsOf(checkFolder(whole).file);
});
afterAll(() => rmSync(root, { recursive: true }));

type Random = ReturnType<typeof seeded>;
const verdictsOf = ({ entries }: Pick<VerdictsFile, "entries">) => entries.map(({ id, verdict }) => `${id} ${verdict}`);
const pick = <T>(random: Random, of: readonly T[]): T => of[random.below(of.length)]!;

/** Each changes the bytes of one file, or returns undefined for none of it. */
const changes: ((bytes: Buffer, random: Random) => Buffer | undefined)[] = [
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = random.below(Math.max(1, copy.length));
    if (copy.length > 0) copy[at]! ^= 1 << random.below(8);
    return copy;
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  (bytes, random) => lines(bytes, (all) => all.toSpliced(random.below(all.length), 1 + random.below(50))),
  (bytes, random) => lines(bytes, (all) => all.toSpliced(random.below(all.length), 0, pick(random, all))),
  (bytes, random) =>
    lines(bytes, (all) => {
      const [one, other] = [random.below(all.length), random.below(all.length)];
      return all.with(one, all[other]!).with(other, all[one]!);
    }),
  (bytes, random) =>
    text(bytes, (all) =>
      all.replace(
        pick(random, ["kept", "true", "ok", "alpha", "1"]),
        pick(random, ["broken", "false", "fail", "beta", "2"]),
      ),
    ),
  (bytes, random) =>
    text(bytes, (all) => all.replaceAll(/"[a-z]+":/gi, (key) => (random.below(200) === 0 ? '"x":' : key))),
  (bytes, random) =>
    text(bytes, (all) => all.replaceAll(/:(\d+)/g, (number) => (random.below(200) === 0 ? ":null" : number))),
  () => Buffer.from(""),
  () => undefined,
];
const text = (bytes: Buffer, change: (all: string) => string) => Buffer.from(change(bytes.toString("utf8")));
const lines = (bytes: Buffer, change: (all: string[]) => string[]) =>
  text(bytes, (all) => change(all.split("\n")).join("\n"));

/** @returns what was done; undefined when the folder is as it was. */
function damage(folder: string, random: Random): string | undefined {
  if (random.below(12) === 0) {
    const name = pick(random, ["scenarios/other-1", "notes", "scenarios/steady-look-1/more"]);
    if (random.below(2) === 0) mkdirSync(join(folder, name));
    else symlinkSync("/dev/zero", join(folder, name));
    return statOf(folder, name);
  }
  const name = pick(random, files);
  const way = random.below(changes.length);
  const bytes = readFileSync(join(folder, name));
  const changed = changes[way]!(bytes, random);
  if (changed?.equals(bytes)) return undefined;
  rmSync(join(folder, name));
  if (changed) writeFileSync(join(folder, name), changed);
  return `${name}, way ${way}`;
}

/** An empty folder outside of scenarios/ holds nothing that a digest could miss. */
function statOf(folder: string, name: string): string | undefined {
  const isFolder = statSync(join(folder, name)).isDirectory();
  return isFolder && !name.startsWith("scenarios/other") ? undefined : `${name} added`;
}

/** What was wrong with the check of one damaged folder; undefined when it is right. */
function wrongAt(seed: number): string | undefined {
  const folder = copyFolder(whole, join(root, `damaged-${seed}`));
  const done = damage(folder, seeded(seed));
  const sinceNs = nowNs();
  const wrong = wrongIn(folder, done);
  const tookMs = elapsedMs(sinceNs);
  rmSync(folder, { recursive: true });
  return tookMs > hangMs ? `${done} took ${tookMs} ms` : wrong;
}

function wrongIn(folder: string, done: string | undefined): string | undefined {
  try {
    const { file, differences } = checkFolder(folder);
    const isSame = verdictsOf(file).join() === right.join();
    if (done === undefined) return isSame && differences.length === 0 ? undefined : "alarm without damage";
    if (differences.length === 0) return `agreement after ${done}`;
    const isGreener = verdictsOf(file).some((one) => one.endsWith(" kept") && !right.includes(one));
    return isGreener ? `greener after ${done}` : undefined;
  } catch (error) {
    const { code, stack } = HarnessError.from(error);
    return code === "run/internal" ? `crash after ${done}: ${stack}` : undefined;
  }
}

describe("a folder that is damaged at random", () => {
  it(
    `never agrees, never crashes and never hangs the check (${count} folders)`,
    () => {
      const wrong = Array.from({ length: count }, (_, seed) => ({ seed, why: wrongAt(seed) }));
      expect(wrong.filter(({ why }) => why !== undefined)).toEqual([]);
    },
    60_000 + count * 1_000,
  );
});

describe("an untouched folder", () => {
  it(
    "raises no alarm, however often it is copied and judged",
    () => {
      for (let round = 0; round < Math.min(count / 10, 100); round += 1) {
        const folder = copyFolder(whole, join(root, `untouched-${round}`));
        expect(checkFolder(folder).differences).toEqual([]);
        rmSync(folder, { recursive: true });
      }
    },
    60_000 + count * 1_000,
  );
});
