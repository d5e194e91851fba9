// Every step by its name. A step that is declared without a handler here does not compile.

import type { StepName, StepOf } from "#spec/steps.ts";
import type { StepContext, StepHandler } from "../step-context.ts";
import { getArtifact, putArtifact, referArtifact } from "./artifact-calls.ts";
import { awaitCopies, listFiles, search } from "./artifact-files.ts";
import { atPeer } from "./at-peer.ts";
import { attempt } from "./attempt.ts";
import { awaitAnswer } from "./await-answer.ts";
import { awaitCurrent } from "./await-current.ts";
import { awaitMonitors } from "./await-monitors.ts";
import { awaitRejoin } from "./await-rejoin.ts";
import { awaitVip } from "./await-vip.ts";
import { startByHand, tryBind } from "./by-hand.ts";
import { beginCapture, endCapture } from "./capture.ts";
import { countDisks, flush } from "./disks.ts";
import { dumpReplicas } from "./dump-replicas.ts";
import { fill } from "./fill.ts";
import { tryHandshakes } from "./handshakes.ts";
import { hold } from "./hold.ts";
import { inspect } from "./inspect.ts";
import { pace, pauseLoad, resumeLoad } from "./pace.ts";
import { probeQuorum } from "./probe-quorum.ts";
import { provoke, repair } from "./provoke.ts";
import { readBack } from "./read-back.ts";
import { readEachReplica } from "./read-each-replica.ts";
import { readGates } from "./read-gates.ts";
import { readTexts } from "./read-texts.ts";
import { renewCertificate } from "./renew-certificate.ts";
import { restore, snapshot } from "./snapshot.ts";

const handlers: { [K in StepName]: StepHandler<K> } = {
  "at-peer": atPeer,
  attempt,
  "await-answer": awaitAnswer,
  "await-copies": awaitCopies,
  "await-current": awaitCurrent,
  "await-monitors": awaitMonitors,
  "await-rejoin": awaitRejoin,
  "await-vip": awaitVip,
  capture: beginCapture,
  "count-disks": countDisks,
  "dump-replicas": dumpReplicas,
  "end-capture": endCapture,
  files: listFiles,
  fill,
  flush,
  "get-artifact": getArtifact,
  handshakes: tryHandshakes,
  hold,
  inspect,
  pace,
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
  "resume-load": resumeLoad,
  search,
  snapshot,
  "start-by-hand": startByHand,
  "try-bind": tryBind,
};

/** Executes one step. */
export function takeStep<K extends StepName>(context: StepContext, step: StepOf<K>): Promise<void> {
  const handler = handlers[step.step as K];
  return handler(context, step, takeStep);
}
