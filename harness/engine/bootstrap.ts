// Makes two root file systems from Debian packages with mmdebstrap, once, and keeps them in the cache. One is for the
// embedded engine. The other is the base image where no registry can be reached. If mmdebstrap is not installed,
// apt-get downloads it into the cache. Nothing else on the host changes.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { embeddedChoice } from "./embedded-choice.ts";
import { debianMirror, downloadPackage, isDownloadPossible, makeOnce } from "./debian-package.ts";
import { cacheFolder } from "./paths.ts";
import { runTool, hasTool } from "./tool.ts";

/** Of the base image, and of the examples' tools. The packages of the images are tested with these versions. */
const imageSuite = "trixie";
const bootstrapDeadlineMs = 600_000;

const engineRoot = {
  name: "engine-root",
  variant: "apt",
  packages: ["docker.io", "iptables", "ca-certificates", "mount", "iproute2", "e2fsprogs", "xfsprogs"],
};

/** Packages of the base image. The Dockerfiles install the same list where the base comes from a registry. */
export function basePackages(repository: string): string[] {
  const lists = ["images/node/packages.txt", "images/agent/packages.txt"];
  const words = lists.flatMap((path) => readFileSync(join(repository, path), "utf8").split(/\s+/));
  return [...new Set(words.filter((word) => /^[a-z0-9][a-z0-9.+-]+$/.test(word)))].sort();
}

type Report = (line: string) => void;

/** The folder of the engine's root file system. Makes it when it is missing. */
export async function engineRootFolder(report: Report): Promise<string> {
  const { suite } = embeddedChoice();
  return rootFolder({ ...engineRoot, suite }, () =>
    report(`making the engine's root file system from packages of Debian ${suite}`),
  );
}

/** The folder of a root file system with build tools, for the examples. Makes it when it is missing. */
export async function toolsRootFolder(name: string, packages: string[], report: Report): Promise<string> {
  const root = { name: `${name}-root`, suite: imageSuite, variant: "essential", packages: [...packages].sort() };
  return rootFolder(root, () => report(`making the root file system with ${name} from Debian packages`));
}

interface Root extends Packages {
  name: string;
}

async function rootFolder({ name, ...asked }: Root, onMake: () => void): Promise<string> {
  const folder = join(cacheFolder(), `${name}-${keyOf(asked)}`);
  return makeOnce(folder, async (partial) => {
    onMake();
    const archive = `${partial}.tar`;
    await bootstrap(asked, archive);
    mkdirSync(partial, { recursive: true });
    await runTool("tar", ["-xf", archive, "-C", partial], { deadlineMs: bootstrapDeadlineMs });
    rmSync(archive);
  });
}

/** A tar file to import as the base image, and the key of its content. Makes it when it is missing. */
export async function baseArchive(repository: string, report: Report): Promise<{ path: string; key: string }> {
  const packages = basePackages(repository);
  const asked = { suite: imageSuite, variant: "essential", packages };
  const key = keyOf(asked);
  const path = await makeOnce(join(cacheFolder(), `base-${key}.tar`), async (partial) => {
    report("making the base image from Debian packages");
    await bootstrap(asked, partial);
  });
  return { path, key };
}

/** What mmdebstrap is asked for. */
interface Packages {
  suite: string;
  variant: string;
  packages: string[];
}

function keyOf({ suite, variant, packages }: Packages): string {
  return createHash("sha256")
    .update([suite, variant, ...packages].join(" "))
    .digest("hex")
    .slice(0, 12);
}

async function bootstrap({ suite, variant, packages }: Packages, target: string): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new HarnessError("engine/not-root", "making a root file system needs root", { expected: "uid 0" });
  const command = await mmdebstrapCommand();
  const mirror = debianMirror();
  // The list of a suite that is still being made is valid for a week. A mirror may be older. Its signature is checked.
  const age = suite === imageSuite ? [] : ['--aptopt=Acquire::Check-Valid-Until "false"'];
  const options = [`--variant=${variant}`, `--include=${packages.join(",")}`, ...age, "--format=tar", suite, target];
  const [program, ...first] = command;
  const result = await runTool(program!, [...first, ...options, ...(mirror ? [mirror] : [])], {
    deadlineMs: bootstrapDeadlineMs,
    isFailureAllowed: true,
  });
  if (result.code === 0) return;
  const code = /No space left/.test(result.stderr) ? "image/disk-full" : "engine/bootstrap-failed";
  throw new HarnessError(
    code,
    `mmdebstrap ended with ${result.code}: ${result.stderr.trim().split("\n").slice(-5).join(" | ")}`,
  );
}

/** The command that runs mmdebstrap: the installed one, or one that apt-get downloads into the cache. */
async function mmdebstrapCommand(): Promise<string[]> {
  if (hasTool("mmdebstrap")) return ["mmdebstrap"];
  if (!isDownloadPossible() || !hasTool("perl"))
    throw new HarnessError(
      "engine/no-bootstrap",
      "this machine has neither mmdebstrap nor apt-get and perl to download it",
      {
        expected: "one of the two, to make the engine's root file system",
      },
    );
  const folder = await downloadPackage({ name: "mmdebstrap", code: "engine/no-bootstrap" });
  return ["perl", join(folder, "root", "usr", "bin", "mmdebstrap")];
}
