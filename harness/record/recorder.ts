// The program of a zone's recorder. Argument: the name of the zone. harness/zones/recorder-process.ts starts it.

import { HarnessError } from "#base/errors.ts";
import { ownerOf } from "#engine/owner.ts";
import type { RecorderNote } from "#zones/recorder-process.ts";
import { writeNote } from "#zones/record-files.ts";
import { record } from "./recording.ts";

const [name] = process.argv.slice(2) as [string];
const stop = new AbortController();
const owner = ownerOf();

function tell(state: RecorderNote["state"], doing: string): void {
  writeNote(name, "recorder", { owner, state, doing } satisfies RecorderNote);
}

process.on("SIGTERM", () => stop.abort(new HarnessError("run/interrupted", "the recorder was ended")));
// A terminal that closes, or Ctrl-C in it, ends the command that started the zone, and not the recorder.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});

/** The folder of the record may be gone: the zone was removed. */
function tellEnd(why: string): void {
  try {
    tell("ended", why);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

try {
  tell("starting", "attaching to the zone");
  tellEnd(await record(name, { tell, signal: stop.signal }));
} catch (thrown) {
  const error = HarnessError.from(thrown);
  process.stderr.write(`${error.describe()}\n${error.stack ?? ""}\n`);
  tellEnd(error.message);
}
process.exit(0);
