// The process that records a zone which stays up. `triad up` starts it, it goes on after that command, and `triad down`
// ends it. harness/record/recorder.ts is its program.

import { spawn } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { join } from "node:path";
import { HarnessError } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import { isOwnerAlive } from "#engine/owner.ts";
import { readNote, recordFolder } from "./record-files.ts";

const program = join(import.meta.dirname, "../record/recorder.ts");
/** A zone that starts beside others on two cores needs half a minute until it is steady. */
const readyDeadlineMs = 120_000;
const endDeadlineMs = 10_000;

/** What the recorder says of itself. */
export interface RecorderNote {
  /** Its process, as an owner of objects. */
  owner: string;
  state: "starting" | "recording" | "closing" | "ended";
  /** What it waits for; where it ended, why. */
  doing: string;
}

export type RecorderState = (RecorderNote & { isAlive: boolean }) | null;

/** Null where the zone never had a recorder. */
export function recorderOf(name: string): RecorderState {
  const note = readNote<RecorderNote>(name, "recorder");
  return note && { ...note, isAlive: note.state !== "ended" && isOwnerAlive(note.owner) };
}

/** Starts the recorder of a zone. It goes on after this process. */
export function startRecorder(name: string): void {
  const log = openSync(join(recordFolder(name), "recorder.log"), "a", 0o600);
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, name], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.unref();
  closeSync(log);
}

/** Waits until it records a steady zone. @throws HarnessError `zone/not-recorded` */
export async function untilRecording(
  name: string,
  report: (doing: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const look = (): Look<true> => {
    const found = recorderOf(name);
    if (found?.state === "ended") throw new HarnessError("zone/not-recorded", `the recorder ended: ${found.doing}`);
    if (found && !found.isAlive) throw new HarnessError("zone/not-recorded", `the recorder died: ${lastWords(name)}`);
    if (found) report(found.doing);
    return found?.state === "recording" ? { done: true } : { saw: found?.doing ?? "no sign of it" };
  };
  const what = "the recorder of the zone";
  await pollUntil(look, { what, deadlineMs: readyDeadlineMs, code: "zone/not-recorded", signal });
}

function lastWords(name: string): string {
  return `see ${join(recordFolder(name), "recorder.log")}`;
}

/** Ends the recorder, also one that hangs. Does nothing where none runs. */
export async function endRecorder(name: string): Promise<void> {
  const found = recorderOf(name);
  if (!found?.isAlive) return;
  const pid = Number(found.owner.split("-")[0]);
  const look = (): Look<true> => (isOwnerAlive(found.owner) ? { saw: "it runs" } : { done: true });
  const options = { what: "the recorder to end", deadlineMs: endDeadlineMs };
  kill(pid, "SIGTERM");
  await pollUntil(look, options).catch(async () => {
    kill(pid, "SIGKILL");
    await pollUntil(look, options);
  });
}

function kill(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it ended a moment ago
  }
}
