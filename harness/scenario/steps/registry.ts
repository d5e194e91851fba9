// Every step by its name. A step that is declared without a handler here does not compile.

import type { StepName, StepOf } from "#spec/steps.ts";
import type { StepContext, StepHandler } from "../step-context.ts";
import { backUpArtifacts, restoreArtifacts } from "./act/artifact-backup.ts";
import { getArtifact, putArtifact, referArtifact } from "./act/artifact-calls.ts";
import { listFiles, search } from "./read/artifact-files.ts";
import { atPeer } from "./act/at-peer.ts";
import { attempt } from "./read/attempt.ts";
import { awaitAnswer } from "./wait/await-answer.ts";
import { awaitCopies } from "./wait/await-copies.ts";
import { awaitCurrent } from "./wait/await-current.ts";
import { awaitMonitors } from "./wait/await-monitors.ts";
import { awaitRejoin } from "./wait/await-rejoin.ts";
import { awaitVip } from "./wait/await-vip.ts";
import { startByHand, tryBind } from "./act/by-hand.ts";
import { beginCapture, endCapture } from "./read/capture.ts";
import { countDisks, flush } from "./act/disks.ts";
import { dumpReplicas } from "./read/dump-replicas.ts";
import { every } from "./schedule/every.ts";
import { fill } from "./act/fill.ts";
import { tryHandshakes } from "./read/handshakes.ts";
import { hold } from "./wait/hold.ts";
import { inspect } from "./read/inspect.ts";
import { markStorage } from "./act/mark-storage.ts";
import { parallel } from "./schedule/parallel.ts";
import { pace, pauseLoad, resumeLoad } from "./act/pace.ts";
import { probeQuorum } from "./read/probe-quorum.ts";
import { provoke, repair } from "./act/provoke.ts";
import { readBack } from "./read/read-back.ts";
import { readEachReplica } from "./read/read-each-replica.ts";
import { readGates } from "./read/read-gates.ts";
import { readTexts } from "./read/read-texts.ts";
import { renewCertificate } from "./act/renew-certificate.ts";
import { restore, snapshot } from "./act/snapshot.ts";
import { watchControllers } from "./read/watch-controllers.ts";
import { when } from "./schedule/when.ts";
import { withhold } from "./act/withhold.ts";

const handlers: { [K in StepName]: StepHandler<K> } = {
  "at-peer": atPeer,
  attempt,
  "await-answer": awaitAnswer,
  "await-copies": awaitCopies,
  "await-current": awaitCurrent,
  "await-monitors": awaitMonitors,
  "await-rejoin": awaitRejoin,
  "await-vip": awaitVip,
  "back-up-artifacts": backUpArtifacts,
  capture: beginCapture,
  "count-disks": countDisks,
  "dump-replicas": dumpReplicas,
  "end-capture": endCapture,
  every,
  files: listFiles,
  fill,
  flush,
  "get-artifact": getArtifact,
  handshakes: tryHandshakes,
  hold,
  inspect,
  "mark-storage": markStorage,
  pace,
  parallel,
  "pause-load": pauseLoad,
  "probe-quorum": probeQuorum,
  provoke,
  "put-artifact": putArtifact,
  "read-back": readBack,
  "read-each-replica": readEachReplica,
  "read-gates": readGates,
  "read-texts": readTexts,
  "refer-artifact": referArtifact,
  "renew-certificate": renewCertificate,
  repair,
  restore,
  "restore-artifacts": restoreArtifacts,
  "resume-load": resumeLoad,
  search,
  snapshot,
  "start-by-hand": startByHand,
  "try-bind": tryBind,
  "watch-controllers": watchControllers,
  when,
  withhold,
};

/** Executes one step. */
export function takeStep<K extends StepName>(context: StepContext, step: StepOf<K>): Promise<void> {
  const handler = handlers[step.step as K];
  return handler(context, step, takeStep);
}
