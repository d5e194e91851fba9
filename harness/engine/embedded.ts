// The embedded engine: a dockerd in its own namespaces, which all runs on this machine share. It ends after the last
// run. It has no uplink and changes nothing on the host. Needs Linux and root.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { messageOf, HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { engineRootFolder } from "./bootstrap.ts";
import { holdLock } from "./lock.ts";
import { isOwnerAlive, ownerOf } from "./owner.ts";
import { enginePaths } from "./paths.ts";

const startDeadlineMs = 30_000;
const here = import.meta.dirname;

/** True when the embedded engine runs, also when another process started it. */
export function isEmbeddedRunning(): boolean {
  const { keeperPid } = enginePaths();
  return existsSync(keeperPid) && isOwnerAlive(readFileSync(keeperPid, "utf8"));
}

/** Registers this process as a user and starts the engine unless it runs. Returns its socket. */
export async function useEmbedded(report: (line: string) => void): Promise<string> {
  if (process.platform !== "linux") throw new HarnessError("engine/not-linux", `this is ${process.platform}`);
  if (process.getuid?.() !== 0)
    throw new HarnessError("engine/not-root", `this process runs as uid ${process.getuid?.()}`);
  const root = await engineRootFolder(report);
  const paths = enginePaths();
  for (const folder of [paths.shared, paths.users]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(paths.users, ownerOf()), "");
  using _lock = await holdLock(paths.lock, startDeadlineMs);
  if (!isEmbeddedRunning()) {
    report("starting the embedded engine");
    rmSync(paths.socket, { force: true });
    const keeper = spawn(process.execPath, [join(here, "keeper.ts"), root, join(here, "embedded-init.sh")], {
      detached: true,
      stdio: "ignore",
    });
    keeper.unref();
  }
  await untilAnswers(paths.socket);
  return paths.socket;
}

async function untilAnswers(socket: string): Promise<void> {
  const docker = new Docker({ socketPath: socket });
  try {
    await pollUntil(
      async () => {
        try {
          return { done: await docker.ping() };
        } catch (error) {
          return { saw: messageOf(error) };
        }
      },
      {
        what: "the embedded engine to answer",
        deadlineMs: startDeadlineMs,
        intervalMs: 50,
        code: "engine/start-failed",
      },
    );
  } catch (error) {
    const { log } = enginePaths();
    const tail = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").slice(-3).join(" | ") : "no log";
    throw new HarnessError("engine/start-failed", `${messageOf(error)}; its log ends: ${tail}`, { cause: error });
  }
}

/** This process no longer uses the engine. The keeper ends the engine when it has no user left. */
export function leaveEmbedded(): void {
  rmSync(join(enginePaths().users, ownerOf()), { force: true });
}

/** What keeps the engine running after the last run: `engine up`, or zones that stay up. */
export type Keeping = "engine up" | "zones";

/** Zones keep it too while `engine up` does. */
export function keepEmbedded(by: Keeping): void {
  const { keptMark, users } = enginePaths();
  mkdirSync(users, { recursive: true });
  if (by === "engine up" || keptBy() === undefined) writeFileSync(keptMark, by);
}

/** Lets the engine end, unless `engine up` keeps it and only the zones are gone. */
export function releaseEmbedded(by: Keeping): void {
  if (by === "zones" && keptBy() === "engine up") return;
  rmSync(enginePaths().keptMark, { force: true });
}

function keptBy(): string | undefined {
  const { keptMark } = enginePaths();
  return existsSync(keptMark) ? readFileSync(keptMark, "utf8") : undefined;
}

/** Lets the keeper end the engine and waits for that. False when it still runs, because a live run uses it. */
export async function stopEmbedded(): Promise<boolean> {
  releaseEmbedded("engine up");
  await pollUntil(() => (isEmbeddedRunning() ? { saw: "it still runs" } : { done: true }), {
    what: "the embedded engine to end",
    deadlineMs: 10_000,
    intervalMs: 200,
  }).catch(() => {});
  return !isEmbeddedRunning();
}
