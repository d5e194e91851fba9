// Wrong artifacts and exchanges: an artifact in the wrong place, a wrong answer to a call for one, and facts that cross
// to the other zone in another way or not once.

import type { FilesEvent, HistoryEvent, OperationEvent } from "#history/event.ts";
import { nodeNames } from "#spec/node.ts";
import { type Change, otherDigest, type Variant } from "../change.ts";
import type { Scene } from "../scene.ts";
import { change } from "./store-change.ts";

/** The artifact that the scenario put. */
function putOf(scene: Scene) {
  return scene.answered("put", (one) => one.digest !== undefined)[0];
}

function lists(scene: Scene) {
  return scene.of("files");
}

const notOnDisk = change(
  "artifact-not-on-its-node",
  { says: "the artifact is not on the disk of the node that acknowledged it", turns: ["STO-1"] },
  (scene) => {
    const put = putOf(scene);
    if (!put) return [];
    const empty = (event: FilesEvent) => ({
      ...event,
      files: event.files.filter(({ digest }) => digest !== put.digest),
    });
    const altered = (event: FilesEvent) => ({
      ...event,
      files: event.files.map((file) => ({ ...file, digest: otherDigest(file.digest) })),
    });
    return [
      { at: "no file", events: () => scene.editedOf("files", empty) },
      { at: "another content", events: () => scene.editedOf("files", altered) },
    ];
  },
);

const goneLater = change(
  "artifact-gone-later",
  { says: "the artifact was on its node, and a later list of that node lacks it", turns: ["STO-1"] },
  (scene) => {
    const put = putOf(scene);
    const own = lists(scene).filter(
      ({ event }) => event.node === put?.node && event.files.some(({ digest }) => digest === put.digest),
    );
    const last = own.at(-1);
    if (!put || !last || own.length < 2) return [];
    const files = last.event.files.filter(({ digest }) => digest !== put.digest);
    return [{ at: `list ${own.length}`, events: () => scene.replaced(last.index, { ...last.event, files }) }];
  },
);

const onBoth = change(
  "artifact-on-the-standby",
  { says: "the artifact lies on the standby too", turns: ["STO-2"] },
  (scene) => {
    const put = putOf(scene);
    if (!put) return [];
    return lists(scene)
      .filter(({ event }) => event.node !== put.node && event.t > put.endNs)
      .map(({ event, index }, place): Variant => ({
        at: `${event.node}, list ${place + 1}`,
        events: () =>
          scene.replaced(index, { ...event, files: [...event.files, { path: "copy", bytes: 1, digest: put.digest! }] }),
      }));
  },
);

/** The answers to the calls that ask for the artifact. */
const artifactAnswers = change(
  "artifact-answer-wrong",
  { says: "the answer to a call for an artifact is not what it must be", turns: [] },
  (scene) => {
    const put = putOf(scene);
    if (!put) return [];
    return scene.view.operations
      .filter((one) => one.f === "get" && one.index !== one.invokeIndex)
      .flatMap((one, place): Variant[] => {
        const event = scene.events[one.index] as OperationEvent;
        const { t, op, process, f } = event;
        const at = `get ${place + 1}`;
        const replaced = (by: HistoryEvent) => () => scene.replaced(one.index, by);
        if (event.type === "ok") {
          const turns = scene.header.peer ? ["STO-4"] : ["STO-1"];
          const other = otherDigest(event.digest ?? "0");
          return [
            { at: `${at}, other content`, turns, events: replaced({ ...event, digest: other }) },
            {
              at: `${at}, refused`,
              turns,
              events: replaced({ t, type: "fail", op, process, f, error: "rpc-not-found" }),
            },
          ];
        }
        if (scene.header.peer) return [];
        const found = { t, type: "ok", op, process, f, node: "beta", digest: put.digest! } as const;
        return [
          { at: `${at}, found`, turns: ["STO-2"], events: replaced(found) },
          { at: `${at}, another error`, turns: ["STO-2"], events: replaced({ ...event, error: "rpc-internal" }) },
        ];
      });
  },
);

const inStream = change(
  "artifact-in-a-stream",
  { says: "the message store of one node holds a part of the artifact", turns: [], everywhere: ["INV-6"] },
  (scene) =>
    scene
      .of("search")
      .filter(({ event }) => event.folder !== "/artifacts")
      .map(({ event, index }): Variant => ({
        at: `${event.node} ${event.folder}`,
        events: () => scene.replaced(index, { ...event, found: ["streams/1.blk"] }),
      })),
);

const streamGrew = change(
  "stream-grew-by-an-artifact",
  { says: "a stream grew by more than its messages", turns: ["INV-6"] },
  (scene) =>
    nodeNames.flatMap((node): Variant[] => {
      const last = scene.of("server").findLast(({ event }) => event.node === node && event.streams !== undefined);
      if (!last || scene.of("search").length === 0) return [];
      const streams = last.event.streams!.map((one) =>
        one.name === "cursors" ? { ...one, bytes: one.bytes + 2e6 } : one,
      );
      return [{ at: node, events: () => scene.replaced(last.index, { ...last.event, streams }) }];
    }),
);

const searchBlind = change(
  "search-finds-nothing-anywhere",
  { says: "the search would not have found the artifact where it lies", turns: ["INV-6"], kind: "premises" },
  (scene) =>
    scene.of("search").length === 0
      ? []
      : [{ at: "in every folder", events: () => scene.editedOf("search", (event) => ({ ...event, found: [] })) }],
);

/** What passed the segment between two zones. */
const flows = change(
  "zones-speak-in-another-way",
  { says: "something but the RPC passes between the two zones", turns: ["STO-3"] },
  (scene) =>
    scene
      .of("flows")
      .filter(({ event }) => event.segment === "peer")
      .flatMap(({ event, index }): Variant[] => {
        const pairs = [
          { protocol: "udp", from: "198.18.0.10:7946", to: "198.18.2.10:7946", packets: 4 },
          { protocol: "tcp", from: "198.18.0.11:40000", to: "198.18.2.11:4222", packets: 9 },
        ];
        return pairs.map((pair) => ({
          at: `${pair.protocol} seen by ${event.seenBy}`,
          events: () => scene.replaced(index, { ...event, pairs: [...event.pairs, pair] }),
        }));
      }),
);

const crossConnected = change(
  "a-program-connects-to-the-other-zone",
  { says: "a program of one node is connected to the store of the other zone", turns: ["STO-3"] },
  (scene) => {
    const other = scene.header.peer?.zone.nodes;
    if (!other) return [];
    const remote = `${other.alpha.zoneAddress}:4222`;
    const own = scene.of("inspection");
    return nodeNames.flatMap((node): Variant[] => {
      const last = own.findLast(({ event }) => event.node === node);
      if (!last) return [];
      const socket = { protocol: "tcp", local: "198.18.0.10:41000", remote, state: "ESTAB" } as const;
      const event = { ...last.event, sockets: [...last.event.sockets, socket] };
      return [{ at: node, events: () => scene.replaced(last.index, event) }];
    });
  },
);

/** What one zone acknowledged, in the other: an event of the peer zone is wrapped. */
const crossing = change(
  "fact-does-not-cross-once",
  { says: "a fact of one zone is missing, altered or doubled in the other", turns: ["STO-3"] },
  (scene) => {
    if (!scene.header.peer) return [];
    const sent = scene.answered("append").map((one) => one.messageId);
    const rows = scene.of("peer").flatMap(({ event, index }) => {
      const inner = event.event;
      return inner.type === "stored" && sent.includes(inner.messageId) ? [{ event, inner, index }] : [];
    });
    const chosen: [string, (typeof rows)[number] | undefined][] = [
      ["in the middle", rows[rows.length >> 1]],
      ["the last", rows.at(-1)],
    ];
    return chosen.flatMap(([at, row]): Variant[] => {
      if (!row) return [];
      const { event, inner, index } = row;
      const isIt = (one: HistoryEvent) =>
        one.type === "peer" && one.event.type === "stored" && one.event.messageId === inner.messageId;
      const twice = { ...event, event: { ...inner, offset: inner.offset + 1_000_000 } };
      return [
        { at: `${at}, missing`, events: () => scene.edited((one) => (isIt(one) ? undefined : one)) },
        {
          at: `${at}, altered`,
          events: () => scene.replaced(index, { ...event, event: { ...inner, digest: otherDigest(inner.digest) } }),
        },
        { at: `${at}, twice`, events: () => scene.replaced(index, [event, twice]) },
      ];
    });
  },
);

const copyMissing = change(
  "artifact-copy-missing",
  { says: "the other zone holds no copy of an artifact that a fact names", turns: ["STO-3", "STO-4"] },
  (scene) => {
    const put = scene.header.peer && putOf(scene);
    if (!put) return [];
    const without = (event: FilesEvent) => ({
      ...event,
      files: event.files.filter(({ digest }) => digest !== put.digest),
    });
    return [
      {
        at: "in the peer zone",
        events: () =>
          scene.editedOf("peer", (event) =>
            event.event.type === "files" ? { ...event, event: without(event.event) } : event,
          ),
      },
    ];
  },
);

const neverAtRest = change(
  "exchange-never-ends",
  { says: "the exchange of facts did not come to its end", turns: ["STO-3"] },
  (scene) =>
    scene.marks("exchanged").map(({ event, index }): Variant => ({
      at: "timed out",
      events: () => scene.replaced(index, { ...event, detail: { isTimedOut: true, saw: "3 facts behind" } }),
    })),
);

export const storeChanges: readonly Change[] = [
  notOnDisk,
  goneLater,
  onBoth,
  artifactAnswers,
  inStream,
  streamGrew,
  searchBlind,
  flows,
  crossConnected,
  crossing,
  copyMissing,
  neverAtRest,
];
