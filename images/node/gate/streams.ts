// The streams of a zone, created once by the first node that can, and the lease on top of one of them.

import { delay } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import { log } from "../local/log.ts";
import { type NatsConnection, StoreRefusal, ask, publish, readStored, refusalCodes } from "../local/store.ts";
import type { LeaseStore, LeaseValue } from "./lease.ts";

const createTimeoutMs = 3_000;
/** Longer than an operation takes on a busy machine. The reach probes find a lost quorum sooner. */
const operationTimeoutMs = 900;

/** One copy a node. */
const replicas = 3;

const leaseSubject = "lease.zone";

function streamsOf(spec: ZoneSpec): { name: string; [option: string]: unknown }[] {
  const common = {
    retention: "limits",
    storage: "file",
    num_replicas: replicas,
    discard: "old",
    max_consumers: -1,
  };
  // The window in which a repeated message id is recognised: see controller/facts.ts.
  const ofFacts = { ...common, duplicate_window: spec.duplicateWindowMs * 1e6 };
  return [
    { ...common, name: "lease", subjects: ["lease.>"], max_msgs_per_subject: 1 },
    { ...ofFacts, name: "facts_operational", subjects: ["facts.operational.>"] },
    { ...ofFacts, name: "facts_audit", subjects: ["facts.audit.>"] },
    { ...common, name: "cursors", subjects: ["cursors.>"], max_msgs_per_subject: 1 },
  ];
}

/** Creates the missing streams, and tries again in short steps until all exist. */
export async function ensureStreams(nc: NatsConnection, spec: ZoneSpec): Promise<void> {
  for (const stream of streamsOf(spec)) {
    while (!nc.isClosed() && !(await doesExist(nc, stream))) await delay(150);
  }
}

async function doesExist(nc: NatsConnection, stream: { name: string }): Promise<boolean> {
  try {
    await ask(nc, `STREAM.CREATE.${stream.name}`, { body: stream, timeoutMs: createTimeoutMs });
    log(`stream ${stream.name} exists`);
    return true;
  } catch (thrown) {
    // An operator may have given that stream another configuration; it is not repaired here.
    if (thrown instanceof StoreRefusal && thrown.code === refusalCodes.streamNameInUse) return true;
    log(`stream ${stream.name}: ${messageOf(thrown)}`);
    return false;
  }
}

/** The lease's two operations as JetStream requests. */
export function leaseStoreOn(nc: NatsConnection): LeaseStore {
  return {
    async read() {
      const found = await readStored(
        nc,
        { stream: "lease", where: { last_by_subj: leaseSubject } },
        operationTimeoutMs,
      );
      return found && { revision: found.sequence, value: JSON.parse(found.data.toString("utf8")) as LeaseValue };
    },
    async write(value, revision) {
      const expected = { "Nats-Expected-Last-Subject-Sequence": String(revision) };
      try {
        const message = { subject: leaseSubject, data: JSON.stringify(value) };
        const ack = await publish(nc, message, { timeoutMs: operationTimeoutMs, headers: expected });
        return ack.sequence;
      } catch (thrown) {
        if (thrown instanceof StoreRefusal && thrown.code === refusalCodes.wrongLastSequence) return undefined;
        throw thrown;
      }
    },
  };
}
