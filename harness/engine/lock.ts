// A lock for one resource among the processes of this machine: a folder, made atomically, with the name of its owner in
// it. Another process takes over the lock of a dead owner.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pollUntil } from "#base/poll.ts";
import { isOwnerAlive, ownerOf } from "./owner.ts";

function tryLock(path: string): string | null {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return holderOf(path);
  }
  writeFileSync(join(path, "owner"), ownerOf());
  return null;
}

function holderOf(path: string): string {
  try {
    return readFileSync(join(path, "owner"), "utf8");
  } catch {
    return "starting"; // between mkdir and write; the next try sees more
  }
}

/** Waits for the lock and holds it until disposed. */
export async function holdLock(path: string, deadlineMs: number): Promise<Disposable> {
  let ownerless = 0;
  await pollUntil(
    () => {
      const holder = tryLock(path);
      if (holder === null) return { done: true };
      ownerless = holder === "starting" || holder === "" ? ownerless + 1 : 0;
      // No owner in 20 tries: the process died between mkdir and write.
      const isDead = ownerless > 0 ? ownerless > 20 : !isOwnerAlive(holder);
      if (isDead) rmSync(path, { recursive: true, force: true });
      return { saw: `process ${holder} holds it` };
    },
    { what: `the lock ${path}`, deadlineMs, intervalMs: 100 },
  );
  return { [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
