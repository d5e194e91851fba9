// What the streams of a zone and their consumers may be set to, in the words of nats-server. An allow-list: a stream
// that is not named here, and a setting or a value that is not, may drop, move or forward what was acknowledged. Plain
// data.

import type { StreamNames } from "./contract/node-contract.ts";
import { duplicateWindowMinMs } from "./zone-spec.ts";

/** Settings by name. A function decides on any value; `undefined` stands for a setting that is not reported. */
export type AllowedSettings = Readonly<Record<string, (value: unknown) => boolean>>;

const any = () => true;
const oneOf = (...values: unknown[]) => {
  return (value: unknown) => values.includes(value);
};
/** A limit that nothing reaches: what was acknowledged stays. */
const unlimited = oneOf(undefined, -1, 0);
const never = oneOf(undefined, false);
const atLeast = (least: number) => (value: unknown) => typeof value === "number" && value >= least;

/** nats-server accepts messages of up to 1 MB unless it is told otherwise (max_payload). */
const messageBytesMax = 1_048_576;

const ofEveryStream: AllowedSettings = {
  name: any,
  description: any,
  subjects: any,
  metadata: any,
  compression: any,
  deny_delete: any,
  deny_purge: any,
  // "workqueue" and "interest" drop what was read.
  retention: oneOf("limits"),
  storage: oneOf("file"),
  num_replicas: oneOf(3),
  max_consumers: unlimited,
  max_msgs: unlimited,
  max_bytes: unlimited,
  max_age: unlimited,
  max_msg_size: (value) => unlimited(value) || atLeast(messageBytesMax)(value),
  // Without a limit there is nothing to discard.
  discard: oneOf("old", "new"),
  discard_new_per_subject: never,
  // The stream acknowledges what is published.
  no_ack: never,
  sealed: never,
  // A header of one message could let that message expire. 2.11 and later report it.
  allow_msg_ttl: never,
  // A header of one message could drop all others.
  allow_rollup_hdrs: never,
  // Any replica would answer reads, and one may be behind.
  allow_direct: never,
  mirror_direct: never,
  first_seq: oneOf(undefined, 0, 1),
  consumer_limits: (value) => value === undefined || JSON.stringify(value) === "{}",
};

const ofFacts: AllowedSettings = {
  ...ofEveryStream,
  max_msgs_per_subject: unlimited,
  duplicate_window: atLeast(duplicateWindowMinMs * 1e6),
};

/** Only the newest value of a subject is asked for. */
const ofValues: AllowedSettings = {
  ...ofEveryStream,
  max_msgs_per_subject: (value) => unlimited(value) || value === 1,
  duplicate_window: any,
};

/** By the names that the node contract gives them. */
export function knownStreams(names: StreamNames): Readonly<Record<string, AllowedSettings>> {
  const facts = [names.facts, names.audit].filter((name) => name !== null);
  const values = [names.cursors, names.lease, ...names.others].filter((name) => name !== null);
  return Object.fromEntries([...values.map((name) => [name, ofValues]), ...facts.map((name) => [name, ofFacts])]);
}

/** The only account with streams: the one of a client without a login. */
export const streamAccount = "$G";

const ofEveryConsumer: AllowedSettings = {
  name: any,
  durable_name: any,
  description: any,
  metadata: any,
  deliver_policy: any,
  opt_start_seq: any,
  opt_start_time: any,
  ack_policy: any,
  ack_wait: any,
  max_deliver: any,
  backoff: any,
  filter_subject: any,
  filter_subjects: any,
  replay_policy: any,
  sample_freq: any,
  max_waiting: any,
  max_ack_pending: any,
  max_batch: any,
  max_expires: any,
  max_bytes: any,
  headers_only: any,
  flow_control: never,
  idle_heartbeat: oneOf(undefined, 0),
};

/** It must outlive each server. A subject to deliver to would make it a forwarder. */
export const durableConsumer: AllowedSettings = {
  ...ofEveryConsumer,
  num_replicas: oneOf(undefined, 0, 3),
  mem_storage: never,
  inactive_threshold: unlimited,
};

/** A reader that asks for pages and keeps no position: what it has read is still there for others. */
export const passingReader: AllowedSettings = {
  ...ofEveryConsumer,
  ack_policy: oneOf("none"),
  num_replicas: any,
  mem_storage: any,
  inactive_threshold: any,
};

/** The first setting that the list does not allow, in words; undefined when all are. */
export function forbiddenSetting(settings: Record<string, unknown>, allowed: AllowedSettings): string | undefined {
  const name = [...new Set([...Object.keys(allowed), ...Object.keys(settings)])].find(
    (one) => !(allowed[one] ?? oneOf(undefined))(settings[one]),
  );
  return name && `${name} ${JSON.stringify(settings[name]) ?? "not set"}`;
}

/**
 * File systems that keep what was flushed when the power is lost. "overlay": a folder of the container, on the host's
 * disk. A file system in memory or on another host is none.
 */
export const diskTypes: ReadonlySet<string> = new Set([
  "ext2",
  "ext3",
  "ext4",
  "xfs",
  "btrfs",
  "zfs",
  "f2fs",
  "overlay",
]);
