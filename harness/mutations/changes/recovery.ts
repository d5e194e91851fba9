// Wrong recovery: rebuilt replicas and restored snapshots that differ on one node, and a text that claims too much.

import type { HistoryEvent, ReplicaDumpEvent } from "#history/event.ts";
import type { Change, Variant } from "../change.ts";
import { change } from "./store-change.ts";

/** Replicas read apart, after a return or a restore. */
const dumpDiffers = change(
  "replica-differs-on-one-node",
  { says: "after a return or a restore the replica of one node differs", turns: ["REC-1", "REC-2", "REC-3"] },
  (scene) => {
    const dumps = scene.of("replica-dump").filter(({ event }) => ["returned", "restored"].includes(event.label));
    const rebuilt = new Set(scene.view.faults.flatMap(({ nodes }) => nodes));
    return dumps
      .filter(({ event }) => event.stream === "facts_operational" && rebuilt.has(event.node))
      .flatMap(({ event, index }): Variant[] => [
        { at: `${event.node}, one message less`, events: () => scene.replaced(index, withoutOne(event)) },
        {
          at: `${event.node}, another content`,
          events: () => scene.replaced(index, { ...event, blocks: otherBlocks(event) }),
        },
      ]);
  },
);

function withoutOne(event: ReplicaDumpEvent): ReplicaDumpEvent {
  return { ...event, messages: event.messages - 1, blocks: otherBlocks(event) };
}

function otherBlocks({ blocks }: ReplicaDumpEvent): Record<string, string> {
  const [last] = Object.keys(blocks).toReversed();
  return { ...blocks, [last!]: "0".repeat(64) };
}

const cursorsDiffer = change(
  "restored-cursors-differ",
  { says: "after a restore the cursors of one node are not what they were", turns: ["REC-3"] },
  (scene) =>
    scene
      .of("replica-dump")
      .filter(({ event }) => event.label === "restored" && event.stream === "cursors")
      .map(({ event, index }): Variant => ({
        at: event.node,
        events: () => scene.replaced(index, { ...event, blocks: otherBlocks(event) }),
      })),
);

const consumerMoved = change(
  "restored-consumer-moved",
  { says: "after a restore a durable consumer is at another position, or gone", turns: ["REC-3"] },
  (scene) => {
    const dumps = scene
      .of("replica-dump")
      .filter(({ event }) => event.label === "restored" && event.consumers.length > 0);
    if (dumps.length === 0) return [];
    const each = (edit: (event: ReplicaDumpEvent) => ReplicaDumpEvent) => () =>
      scene.editedOf("replica-dump", (event) => (event.label === "restored" ? edit(event) : event));
    const moved = (event: ReplicaDumpEvent) => ({
      ...event,
      consumers: event.consumers.map((one) => ({ ...one, ackedSeq: one.ackedSeq - 2 })),
    });
    return [
      { at: "gone", events: each((event) => ({ ...event, consumers: [] })) },
      { at: "two facts back", events: each(moved) },
      ...dumps.flatMap(({ event, index }): Variant[] => [
        { at: `gone on ${event.node}`, events: () => scene.replaced(index, { ...event, consumers: [] }) },
        { at: `two facts back on ${event.node}`, events: () => scene.replaced(index, moved(event)) },
      ]),
    ];
  },
);

const corruptionMissing = change(
  "nothing-was-corrupted",
  { says: "one replica still held all facts after the corruption", turns: ["REC-3"], kind: "premises" },
  (scene) => {
    const clean = scene
      .of("replica-dump")
      .find(({ event }) => event.label === "clean" && event.stream === "facts_operational");
    return scene
      .of("replica-dump")
      .filter(({ event }) => event.label === "corrupt" && event.stream === "facts_operational")
      .flatMap(({ event, index }): Variant[] =>
        clean
          ? [{ at: event.node, events: () => scene.replaced(index, { ...event, messages: clean.event.messages }) }]
          : [],
      );
  },
);

const restoreFailed = change(
  "restore-failed",
  { says: "the restore of the snapshot did not come to its end", turns: ["REC-3", "REC-4"] },
  (scene) =>
    scene.marks("restored").map(({ event, index }): Variant => ({
      at: "timed out",
      events: () =>
        scene.replaced(index, { ...event, detail: { ...event.detail, isTimedOut: true, saw: "a replica lags" } }),
    })),
);

const neverCaughtUp = change(
  "returned-node-never-catches-up",
  { says: "the replicas of the returned node do not become current", turns: ["REC-1", "REC-2"] },
  (scene) =>
    scene.marks("caught-up").map(({ event, index }): Variant => ({
      at: event.detail.node,
      events: () =>
        scene.replaced(index, { ...event, detail: { ...event.detail, isTimedOut: true, saw: "cursors lags by 3" } }),
    })),
);

const notItsStore = change(
  "lost-disk-was-not-the-store",
  { says: "the disk that was wiped held only a small part of what the server said it held", turns: ["REC-1", "REC-2"] },
  (scene) =>
    scene.view.faults.flatMap(({ phases, nodes }): Variant[] => {
      const { effective } = phases;
      const detail = effective?.event.detail;
      if (!effective || detail?.heldBytes === undefined) return [];
      const event = {
        ...effective.event,
        detail: { ...detail, bytes: Math.floor(detail.heldBytes / 10) },
      } as HistoryEvent;
      return [{ at: nodes.join("+"), events: () => scene.replaced(effective.index, event) }];
    }),
);

const oldVoterStays = change(
  "old-voter-stays",
  { says: "the old server of a rebuilt node is still a voter", turns: ["REC-2"] },
  (scene) => {
    const rebuilt = scene.view.faults.filter(({ fault, spec }) => fault === "rebuilt" && spec.identity === "new");
    return rebuilt.map(({ nodes }): Variant => ({
      at: nodes.join("+"),
      events: () =>
        scene.editedOf("server", (event) =>
          event.voters ? { ...event, voters: [...event.voters, { name: nodes[0]!, isOnline: false }] } : event,
        ),
    }));
  },
);

const claims = change(
  "a-text-claims-any-instant",
  { says: "a text makes the claim that REC-5 rules out", turns: ["REC-5"] },
  (scene) =>
    scene.of("texts").flatMap(({ event, index }): Variant[] => [
      {
        at: event.kind,
        events: () =>
          scene.replaced(index, {
            ...event,
            claims: [{ place: event.kind, sentence: "Restores to any point in time." }],
          }),
      },
      { at: `${event.kind}, not read`, events: () => scene.replaced(index, { ...event, read: 0 }) },
    ]),
);

export const recoveryChanges: readonly Change[] = [
  dumpDiffers,
  cursorsDiffer,
  consumerMoved,
  corruptionMissing,
  restoreFailed,
  neverCaughtUp,
  notItsStore,
  oldVoterStays,
  claims,
];
