// Asks a node image which program versions it really has. A report names them, and `--nats-server` must show its
// effect.

import type Docker from "dockerode";
import { HarnessError } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import { label } from "#engine/labels.ts";
import { ownerOf } from "#engine/owner.ts";
import { demuxed } from "../demux.ts";

const deadlineMs = 20_000;

/** Programs that the node contract names, and the line in which each prints its version. */
const programs = {
  "nats-server": /^nats-server: v(\S+)$/m,
  keepalived: /^Keepalived v(\S+)/m,
} as const;
const script = Object.keys(programs)
  .map((name) => `${name} --version 2>&1`)
  .join("; ");

/** Versions by program. @throws HarnessError `image/breaks-contract` for a program that is missing or prints none */
export async function programVersions(docker: Docker, image: string): Promise<Record<string, string>> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ["sh", "-c", script],
    Labels: { [label.owner]: ownerOf(), [label.role]: "program-versions" },
    HostConfig: { NetworkMode: "none" },
  });
  try {
    await container.start();
    await withDeadline(container.wait(), { what: "the image's programs to print their versions", deadlineMs });
    const said = demuxed((await container.logs({ stdout: true, stderr: true })) as unknown as Buffer);
    return Object.fromEntries(Object.entries(programs).map(([name, shape]) => [name, versionIn(said, name, shape)]));
  } finally {
    await container.remove({ force: true }).catch(() => {});
  }
}

function versionIn(said: string, name: string, shape: RegExp): string {
  const version = shape.exec(said)?.[1];
  if (version) return version;
  throw new HarnessError("image/breaks-contract", `${name} of the node image prints no version`, {
    expected: `a line like ${shape.source}; it printed "${said.trim().slice(0, 200)}"`,
  });
}
