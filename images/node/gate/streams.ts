// The streams a zone needs, created once by whoever comes first, and the lease on top of one of them.

import { delay } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import { log } from "../local/log.ts";
import { type NatsConnection, StoreRefusal, ask, publish, readStored, refusalCodes } from "../local/store.ts";
import type { LeaseStore, LeaseValue } from "./lease.ts";

const createTimeoutMs = 3_000;
/** Longer than an operation takes on a busy machine; reach is judged elsewhere and sooner. */
const operationTimeoutMs = 900;

const leaseSubject = "lease.zone";

function streamsOf(spec: ZoneSpec): { name: string; [option: string]: unknown }[] {
  const common = {
    retention: "limits",
    storage: "file",
    num_replicas: spec.ownReplicas,
    discard: "old",
    max_consumers: -1,
  };
  // Where the facts lie is a spec's to say; the lease, which keeps the zone safe, is placed by the servers.
  const placement = spec.placementTag ? { placement: { tags: [spec.placementTag] } } : {};
  // The window in which a repeated message id is recognised: see controller/facts.ts.
  const window = { duplicate_window: spec.duplicateWindowMs * 1e6 };
  const ofFacts = { ...common, ...placement, ...window, num_replicas: spec.replicas };
  return [
    { ...common, name: "lease", subjects: ["lease.>"], max_msgs_per_subject: 1 },
    { ...ofFacts, name: "facts_operational", subjects: ["facts.operational.>"] },
    { ...ofFacts, name: "facts_audit", subjects: ["facts.audit.>"] },
    { ...common, name: "cursors", subjects: ["cursors.>"], max_msgs_per_subject: 1 },
  ];
}

/** Creates what is missing; keeps trying in short steps until all are there. */
export async function ensureStreams(nc: NatsConnection, spec: ZoneSpec): Promise<void> {
  for (const stream of streamsOf(spec)) {
    while (!nc.isClosed() && !(await isThere(nc, stream))) await delay(150);
  }
}

async function isThere(nc: NatsConnection, stream: { name: string }): Promise<boolean> {
  try {
    await ask(nc, `STREAM.CREATE.${stream.name}`, { body: stream, timeoutMs: createTimeoutMs });
    log(`stream ${stream.name} is there`);
    return true;
  } catch (thrown) {
    // Another configuration under that name is somebody's decision, not ours to mend.
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
