// Every operation of the command line, tied to the code that does the work.

import { benchmark } from "#bench/benchmarks.ts";
import { answeringDaemon } from "#engine/engine.ts";
import { cut, fault, heal } from "#zones/faults.ts";
import { exec } from "#zones/exec.ts";
import { inspectNodeImage } from "#zones/inspect/inspect-node-image.ts";
import { logs } from "#zones/logs.ts";
import { restore, snapshot } from "#zones/snapshot.ts";
import { status } from "#zones/status.ts";
import { down } from "#zones/down.ts";
import { saveScenario } from "#record/save-scenario.ts";
import { up } from "#record/up.ts";
import { watch } from "#zones/watch.ts";
import type { Operations } from "#api/operations.ts";
import { check } from "./check.ts";
import { engineDown, engineStatus, engineUp } from "./engine.ts";
import { explain } from "./explain.ts";
import { gate } from "./gate.ts";
import { importLogs } from "./import.ts";
import { judge } from "./judge.ts";
import { list } from "./list.ts";
import { proveMutants } from "./prove.ts";
import { proveRecorded } from "./prove-histories.ts";
import { prune } from "./prune.ts";
import { replay } from "./replay.ts";
import { shrink } from "./shrink.ts";

export const operations: Operations = {
  gate,
  replay,
  check,
  prove: proveMutants,
  proveHistories: proveRecorded,
  bench: benchmark,
  list,
  importLogs,
  shrink,
  explain,
  inspect: inspectNodeImage,
  up,
  status,
  down,
  fault,
  cut,
  heal,
  judge,
  saveScenario,
  logs,
  snapshot,
  restore,
  watch,
  exec,
  engineUp,
  engineDown,
  engineStatus,
  daemon: answeringDaemon,
  prune,
};
