// Downloads single Debian packages into the cache with the machine's own apt-get, and unpacks them there. Nothing is
// installed. A package of another suite than the machine's has lists of its own.

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ErrorCode, HarnessError } from "#base/errors.ts";
import { holdLock } from "./lock.ts";
import { cacheFolder } from "./paths.ts";
import { hasTool, runTool } from "./tool.ts";

const makeDeadlineMs = 600_000;
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Suites that a nats-server can be taken from: 2.9.10, 2.10.27 and 2.15.1. */
export const serverSuites = ["bookworm", "trixie", "forky"] as const;
export type ServerSuite = (typeof serverSuites)[number];
const serverShape = /^debian:(\w+)$/;

/** The suite in "debian:SUITE". Undefined for a path. @throws HarnessError `usage/bad-value` for another suite */
export function serverSuiteIn(text: string): ServerSuite | undefined {
  const name = serverShape.exec(text)?.[1];
  if (name === undefined) return undefined;
  const suite = serverSuites.find((one) => one === name);
  if (suite) return suite;
  throw new HarnessError("usage/bad-value", `--nats-server ${text}: no such suite`, {
    expected: serverSuites.map((one) => `debian:${one}`).join(", "),
  });
}

/** Path of the nats-server in that suite's package. Downloads it when it is missing. */
export async function debianServer(suite: ServerSuite, report: (line: string) => void): Promise<string> {
  const folder = await downloadPackage({ name: "nats-server", suite, code: "image/no-program", report });
  return join(folder, "root", "usr", "sbin", "nats-server");
}

export function isDownloadPossible(): boolean {
  return hasTool("apt-get") && hasTool("dpkg-deb");
}

interface PackageRequest {
  name: string;
  /** Absent: the machine's own sources. */
  suite?: ServerSuite;
  /** Of the error when it cannot be had. */
  code: ErrorCode;
  report?: (line: string) => void;
}

/** The folder in the cache that has the unpacked package in `root`. @throws HarnessError with the given code */
export async function downloadPackage({ name, suite, code, report }: PackageRequest): Promise<string> {
  if (!isDownloadPossible()) throw new HarnessError(code, `this machine has no apt-get to download ${name} with`);
  return makeOnce(join(cacheFolder(), suite === undefined ? name : `${name}-${suite}`), async (partial) => {
    report?.(`downloading ${name} of Debian ${suite}`);
    const lists = join(partial, "lists");
    const archives = join(partial, "cache");
    for (const path of [join(lists, "partial"), join(archives, "archives", "partial")])
      mkdirSync(path, { recursive: true });
    const sources = suite === undefined ? [] : sourcesOf(suite, partial, code);
    const own = [`Dir::State::lists=${lists}`, `Dir::Cache=${archives}`, "APT::Sandbox::User=root", ...sources];
    const options = own.flatMap((one) => ["-o", one]);
    const apt = async (...words: string[]) => {
      const result = await runTool("apt-get", [...options, ...words], {
        deadlineMs: 120_000,
        cwd: partial,
        isFailureAllowed: true,
      });
      if (result.code === 0) return;
      const said = result.stderr.trim().split("\n").slice(-2).join(" | ");
      throw new HarnessError(code, `apt-get could not download ${name}: ${said}`);
    };
    await apt("update", "-qq");
    await apt("download", "-qq", name);
    const deb = readdirSync(partial).find((one) => one.endsWith(".deb"));
    if (!deb) throw new HarnessError(code, `apt-get downloaded no package ${name}`);
    await runTool("dpkg-deb", ["-x", join(partial, deb), join(partial, "root")], { deadlineMs: 60_000 });
    for (const path of [lists, archives]) rmSync(path, { recursive: true });
  });
}

/**
 * Settings of apt-get for one suite of this machine's mirror. The list of a suite that is still being made is valid for
 * a week, and a mirror may be older. Its signature is checked.
 */
function sourcesOf(suite: ServerSuite, folder: string, code: ErrorCode): string[] {
  const mirror = debianMirror();
  if (mirror === null) throw new HarnessError(code, "this machine's apt has no Debian mirror");
  const path = join(folder, "sources.list");
  writeFileSync(path, `deb ${existsSync(keyring) ? `[signed-by=${keyring}] ` : ""}${mirror} ${suite} main\n`);
  return [`Dir::Etc::SourceList=${path}`, "Dir::Etc::SourceParts=/dev/null", "Acquire::Check-Valid-Until=false"];
}

/** The Debian mirror of this machine's apt; null when it has none. */
export function debianMirror(): string | null {
  const folder = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
  ];
  const lines = files.filter((path) => existsSync(path)).flatMap((path) => readFileSync(path, "utf8").split("\n"));
  const found = lines.map((line) => /^(?:URIs:|deb(?:\s+\[[^\]]*\])?)\s+(\S+\/debian)\/?(?:\s|$)/.exec(line)?.[1]);
  return found.find((uri) => uri !== undefined) ?? null;
}

/** Builds under a partial name and renames at the end, so that a killed run leaves nothing that looks complete. */
export async function makeOnce(path: string, build: (partial: string) => Promise<void>): Promise<string> {
  if (existsSync(path)) return path;
  mkdirSync(cacheFolder(), { recursive: true });
  using _lock = await holdLock(`${path}.lock`, makeDeadlineMs);
  if (existsSync(path)) return path;
  const partial = `${path}.partial`;
  rmSync(partial, { recursive: true, force: true });
  rmSync(`${partial}.tar`, { force: true });
  await build(partial);
  renameSync(partial, path);
  return path;
}
