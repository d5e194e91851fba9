// Chooses the Docker daemon: DOCKER_HOST when it is set, the usual socket if a daemon answers there, else the embedded
// engine. A daemon that DOCKER_HOST names is never replaced silently.

import { existsSync } from "node:fs";
import Docker from "dockerode";
import { HarnessError, messageOf } from "#base/errors.ts";
import { withDeadline } from "#base/poll.ts";
import { leaveEmbedded, useEmbedded } from "./embedded.ts";
import { enginePaths } from "./paths.ts";

const usualSocket = "/var/run/docker.sock";
const pingDeadlineMs = 5_000;

export interface Engine extends AsyncDisposable {
  docker: Docker;
  kind: "given" | "embedded";
  /** In the form of DOCKER_HOST, for libraries that read it. */
  host: string;
  version: string;
  kernel: string;
}

/** Connects to the chosen daemon. Disposing releases it; an embedded one without users then ends. */
export async function useEngine(report: (line: string) => void): Promise<Engine> {
  const asked = process.env["DOCKER_HOST"];
  if (asked) return connect(asked, asked === `unix://${enginePaths().socket}` ? "embedded" : "given");
  if (existsSync(usualSocket) && (await answers(dockerAt(`unix://${usualSocket}`))))
    return connect(`unix://${usualSocket}`, "given");
  const socket = await useEmbedded(report);
  return connect(`unix://${socket}`, "embedded");
}

/**
 * Refuses what cannot work, before a folder is made: without a daemon only root can start one.
 *
 * @throws HarnessError `engine/not-root`
 */
export function refuseWithoutRights({ uid = process.getuid?.(), socket = usualSocket } = {}): void {
  if (uid === 0 || process.platform !== "linux" || process.env["DOCKER_HOST"] || existsSync(socket)) return;
  throw new HarnessError("engine/not-root", `this process runs as uid ${uid}`);
}

/** The daemon that would be used without starting one; null when none answers. */
export async function answeringDaemon(): Promise<{ host: string; version: string } | null> {
  const host = process.env["DOCKER_HOST"] ?? (existsSync(usualSocket) ? `unix://${usualSocket}` : null);
  if (!host) return null;
  const docker = dockerAt(host);
  return (await answers(docker)) ? { host, version: (await docker.version()).Version } : null;
}

function dockerAt(host: string): Docker {
  if (host.startsWith("unix://")) return new Docker({ socketPath: host.slice("unix://".length) });
  let url: URL;
  try {
    url = new URL(host);
  } catch {
    throw new HarnessError("engine/no-answer", `DOCKER_HOST is "${host}"`, {
      expected: "unix:///path or tcp://host:port",
    });
  }
  return new Docker({ host: url.hostname, port: Number(url.port || 2375) });
}

async function answers(docker: Docker): Promise<boolean> {
  try {
    await withDeadline(docker.ping(), { what: "a ping", deadlineMs: pingDeadlineMs });
    return true;
  } catch {
    return false;
  }
}

async function connect(host: string, kind: Engine["kind"]): Promise<Engine> {
  const docker = dockerAt(host);
  try {
    await withDeadline(docker.ping(), { what: "a ping", deadlineMs: pingDeadlineMs });
  } catch (error) {
    throw new HarnessError("engine/no-answer", `no daemon answers at ${host}: ${messageOf(error)}`, { cause: error });
  }
  // Inside a container Testcontainers looks for the bridge network, and switches to another daemon when there is none.
  // The override keeps it on this one.
  process.env["DOCKER_HOST"] = host;
  process.env["TESTCONTAINERS_HOST_OVERRIDE"] = "localhost";
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  const version = await docker.version();
  return {
    docker,
    kind,
    host,
    version: version.Version,
    kernel: version.KernelVersion ?? "unknown",
    [Symbol.asyncDispose]: async () => leaveEmbedded(),
  };
}
