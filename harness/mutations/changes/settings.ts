// Wrong stores and programs: a setting of a stream that one server reports once, a store in memory, a program too many,
// and what the zone held before the scenario. Only histories that have such evidence can be changed.

import type { HeldStream, InspectionEvent, ServerEvent, StoreSettings } from "#history/event.ts";
import { nodeNames } from "#spec/node.ts";
import { answersTo } from "#spec/program.ts";
import { type Change, otherDigest, type Variant } from "../change.ts";
import type { Scene } from "../scene.ts";

interface Place<T> {
  event: T;
  index: number;
  at: string;
}

/** The first and the last event of that type of each node that `isMeant` picks. */
function placesOf<K extends "server" | "inspection", T extends ServerEvent | InspectionEvent>(
  scene: Scene,
  type: K,
  isMeant: (event: T) => boolean,
): Place<T>[] {
  return nodeNames.flatMap((node) => {
    const all = scene.of(type) as unknown as readonly { event: T; index: number }[];
    const own = all.filter(({ event }) => event.node === node && isMeant(event));
    const ends = own.length > 1 ? [own[0]!, own.at(-1)!] : own;
    return ends.map((one, place) => ({ ...one, at: `${node}, ${place === 0 ? "the first" : "the last"}` }));
  });
}

type Words = Pick<Change, "name" | "says" | "turns"> & { everywhere?: string[] };

/** One stream in one answer of one server. */
function stream(words: Words, name: string, edit: (stream: HeldStream) => HeldStream): Change {
  return {
    ...words,
    kind: "servers",
    variants: (scene) => {
      const has = ({ streams = [] }: ServerEvent) => streams.some((one) => one.name === name && one.settings);
      return placesOf(scene, "server", has).map(({ event, index, at }): Variant => ({
        at,
        events: () =>
          scene.replaced(index, {
            ...event,
            streams: event.streams!.map((one) => (one.name === name ? edit(one) : one)),
          }),
      }));
    },
  };
}

const lossy = { turns: ["DUR-1"], everywhere: ["INV-5"] };

function setting(name: string, says: string, settings: StoreSettings): Change {
  return stream({ name, says, ...lossy }, "facts_operational", (one) => ({
    ...one,
    settings: { ...one.settings, ...settings },
  }));
}

/** One inspection of one node. */
function inspection(words: Words, edit: (event: InspectionEvent) => InspectionEvent | undefined): Change {
  return {
    ...words,
    kind: "inspections",
    variants: (scene) =>
      placesOf<"inspection", InspectionEvent>(scene, "inspection", (event) => event.openFolders !== undefined).flatMap(
        ({ event, index, at }): Variant[] => {
          const edited = edit(event);
          return edited ? [{ at, events: () => scene.replaced(index, edited) }] : [];
        },
      ),
  };
}

const strayPid = 900_002;

function withProgram(event: InspectionEvent, exe: string, argv: string[]): InspectionEvent {
  const parent = event.processes[0]!.pid;
  return { ...event, processes: [...event.processes, { pid: strayPid, parent, name: argv[0]!, argv, exe }] };
}

/** Every file that the server has open, elsewhere. */
function movedStore(event: InspectionEvent, change: { folder?: string; type?: string }): InspectionEvent | undefined {
  const pid = event.processes.find((one) => answersTo("nats-server", one, undefined))?.pid;
  if (!event.openFolders!.some((one) => one.pid === pid)) return undefined;
  return { ...event, openFolders: event.openFolders!.map((one) => (one.pid === pid ? { ...one, ...change } : one)) };
}

/** The second reading of what the zone held before. */
function older(name: string, says: string, edit: (messages: number, digest: string) => object | undefined): Change {
  return {
    name,
    kind: "facts",
    says,
    turns: ["DUR-6"],
    variants: (scene) =>
      scene
        .of("older")
        .filter(({ event }) => event.label === "end" && event.messages > 0)
        .map(({ event, index }): Variant => {
          const edited = edit(event.messages, event.digest);
          return { at: "the end", events: () => scene.replaced(index, edited && { ...event, ...edited }) };
        }),
  };
}

export const settingChanges: readonly Change[] = [
  setting("facts-with-a-short-window", "a server recognises a repeated fact for a second only", {
    duplicate_window: 1e9,
  }),
  setting("facts-are-limited", "a server keeps the newest 100,000 facts", { max_msgs: 100_000 }),
  setting("facts-are-limited-in-bytes", "a server keeps the newest gigabyte of facts", { max_bytes: 1e9 }),
  setting("facts-expire", "a server drops a fact that is an hour old", { max_age: 3_600e9 }),
  setting("facts-go-when-read", "a server drops a fact that was read", { retention: "workqueue" }),
  setting("facts-are-not-acknowledged", "the stream acknowledges nothing by itself", { no_ack: true }),
  setting("facts-are-republished", "a server publishes each fact again on another subject", {
    republish: { src: ">", dest: "copy.>" },
  }),
  setting("facts-are-placed", "the stream may lie on servers with a tag only", { placement: { tags: ["gamma"] } }),
  setting("facts-are-copied-from-another-stream", "the stream takes its messages from another one", {
    sources: [{ name: "elsewhere" }],
  }),
  stream(
    { name: "stream-of-no-purpose", says: "a server holds a stream that no zone has", ...lossy },
    "facts_audit",
    (one) => ({ ...one, name: "copies" }),
  ),
  stream(
    { name: "stream-in-another-account", says: "the facts are in another account", ...lossy },
    "facts_operational",
    (one) => ({ ...one, account: "OTHER" }),
  ),
  stream(
    { name: "consumer-forwards", says: "a consumer delivers each fact to a subject", ...lossy },
    "facts_operational",
    (one) => ({ ...one, readers: [{ name: "x", settings: { ack_policy: "none", deliver_subject: "out" } }] }),
  ),
  stream(
    {
      name: "cursors-expire",
      says: "the servers forget a cursor after an hour",
      turns: ["DUR-2"],
      everywhere: ["INV-5"],
    },
    "cursors",
    (one) => ({ ...one, settings: { ...one.settings, max_age: 3_600e9 } }),
  ),
  stream(
    { name: "settings-not-reported", says: "a server does not say what a stream is set to", turns: ["DUR-1"] },
    "facts_operational",
    ({ settings: _, ...one }) => one,
  ),
  inspection({ name: "store-in-memory", says: "a server's files lie in a file system in memory", ...lossy }, (event) =>
    movedStore(event, { type: "tmpfs" }),
  ),
  inspection({ name: "store-elsewhere", says: "a server's files lie in another folder", ...lossy }, (event) =>
    movedStore(event, { folder: "/opt/bsfg/jetstream" }),
  ),
  inspection({ name: "store-not-open", says: "a server has no file of its store open", turns: ["DUR-1"] }, (event) => {
    const pid = event.processes.find((one) => answersTo("nats-server", one, undefined))?.pid;
    return { ...event, openFolders: event.openFolders!.filter((one) => one.pid !== pid) };
  }),
  inspection(
    { name: "forwarder-runs", says: "a node runs a program that no node has", turns: [], everywhere: ["INV-2"] },
    (event) => withProgram(event, "/usr/bin/node", ["node", "/opt/bsfg/bin/forwarder.cjs"]),
  ),
  inspection(
    { name: "program-under-a-known-name", says: "a program has another's name", turns: [], everywhere: ["INV-2"] },
    (event) => withProgram(event, "/tmp/x", ["s6-log", "-b"]),
  ),
  inspection(
    { name: "second-server-runs", says: "a node runs two servers", turns: [], everywhere: ["INV-2"] },
    (event) => withProgram(event, "/usr/sbin/nats-server", ["nats-server", "-c", "/opt/bsfg/nats.conf"]),
  ),
  older("older-facts-altered", "a fact from before the scenario has another content at its end", (_, digest) => ({
    digest: otherDigest(digest),
  })),
  older(
    "older-facts-fewer",
    "facts from before the scenario are gone at its end, and no server says so",
    (messages) => ({
      messages: messages - 1,
      digest: "x",
    }),
  ),
  older("older-facts-not-read-again", "what the zone held before is not read at the end", () => undefined),
];
