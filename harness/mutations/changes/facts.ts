// Wrong facts: what was acknowledged is gone, altered, doubled or somewhere else when the stream is read back.

import type { HistoryEvent, OperationEvent, StoredEvent, StreamEvent } from "#history/event.ts";
import type { Operation } from "#history/operations.ts";
import { type Change, otherDigest, type Variant } from "../change.ts";
import type { Scene } from "../scene.ts";

const factStream = "facts_operational";

/** Acknowledged facts that the final audit read, with the indices of what it read of each. */
interface Fact {
  operation: Operation;
  rows: number[];
}

function auditedFacts(scene: Scene): Fact[] {
  return scene.once("audited facts", () => findAudited(scene));
}

function findAudited(scene: Scene): Fact[] {
  const rows = new Map<string, number[]>();
  for (const { event, index } of scene.of("stored"))
    if (event.t >= scene.loadEndNs) rows.set(event.messageId, [...(rows.get(event.messageId) ?? []), index]);
  return scene
    .answered("append", (one) => one.offset !== undefined)
    .flatMap((operation) => {
      const found = rows.get(operation.messageId ?? "");
      return found ? [{ operation, rows: found }] : [];
    });
}

/**
 * Facts by where they stand in the run: at its beginning, middle and end, before and after the fault. Outside the suite
 * "failure" two of them are enough.
 */
function places(scene: Scene): { at: string; fact: Fact }[] {
  const facts = auditedFacts(scene);
  const before = facts.filter(({ operation }) => operation.endNs < scene.effectNs).at(-1);
  const after = facts.find(({ operation }) => operation.invokeNs > scene.effectNs);
  const named: [string, Fact | undefined][] = [
    ["the first", facts[0]],
    ["in the middle", facts[facts.length >> 1]],
    ["the last", facts.at(-1)],
    ["the last before the fault", before],
    ["the first after the fault", after],
  ];
  const wanted = scene.header.suite === "failure" ? named : named.slice(1, 3);
  return wanted.flatMap(([at, fact]) => (fact ? [{ at, fact }] : []));
}

/** Of what is read back at the end: a power loss of all three is judged by it too. */
const ofStored = ["DUR-6", "DUR-7", "DUR-8"];

function eachPlace(
  name: string,
  { says, turns, everywhere = [] }: Pick<Change, "says" | "turns" | "everywhere">,
  change: (scene: Scene, fact: Fact) => HistoryEvent[],
): Change {
  return {
    name,
    kind: "facts",
    says,
    turns,
    everywhere,
    variants: (scene) => places(scene).map(({ at, fact }): Variant => ({ at, events: () => change(scene, fact) })),
  };
}

const lost = eachPlace(
  "fact-lost",
  { says: "an acknowledged fact is not in the stream", turns: ofStored },
  (scene, { rows }) => scene.edited((event, index) => (rows.includes(index) ? undefined : event)),
);

const altered = eachPlace(
  "fact-altered",
  { says: "a fact is stored with another payload", turns: ofStored },
  (scene, { rows }) =>
    scene.edited((event, index) =>
      rows.includes(index) ? { ...(event as StoredEvent), digest: otherDigest((event as StoredEvent).digest) } : event,
    ),
);

const moved = eachPlace(
  "fact-moved",
  { says: "a fact is stored at another offset than was answered", turns: ofStored },
  (scene, { rows }) =>
    scene.edited((event, index) =>
      rows.includes(index) ? { ...(event as StoredEvent), offset: newestOffset(scene) + 1 } : event,
    ),
);

const doubled = eachPlace("fact-doubled", { says: "a fact is stored twice", turns: ofStored }, (scene, { rows }) => {
  const event = scene.events[rows[0]!] as StoredEvent;
  const last = scene.of("stored").at(-1)!.event;
  return scene.with({ ...event, t: last.t, offset: newestOffset(scene) + 1 });
});

function newestOffset(scene: Scene): number {
  return scene.once("newest offset", () => Math.max(...scene.of("stored").map(({ event }) => event.offset)));
}

const answeredTwice = eachPlace(
  "repeat-answered-with-another-offset",
  { says: "a fact that is sent again is acknowledged at another offset", turns: ["DUR-6"] },
  (scene, { operation }) => repeated(scene, operation, { offset: newestOffset(scene) + 1 }),
);

const otherPayload = eachPlace(
  "repeat-with-another-payload-accepted",
  {
    says: "the same message id with another payload is acknowledged",
    turns: ["RPC-3"],
    everywhere: ["RPC-3"],
  },
  (scene, { operation }) => repeated(scene, operation, { digest: "0badf00d" }),
);

/** The fact is sent a second time by a client of its own, and acknowledged. */
function repeated(scene: Scene, operation: Operation, other: { offset?: number; digest?: string }): HistoryEvent[] {
  const invoke = scene.events[operation.invokeIndex] as OperationEvent;
  const ok = scene.events[operation.index] as OperationEvent;
  const again = { op: 999_000_001, process: "client-again" };
  const digest = other.digest === undefined ? {} : { digest: other.digest };
  return scene.with(
    { ...invoke, ...again, ...digest, t: ok.t + 1e6 },
    { ...ok, ...again, ...(ok.digest === undefined ? {} : digest), offset: other.offset ?? ok.offset!, t: ok.t + 2e6 },
  );
}

const sharedOffset = eachPlace(
  "two-facts-at-one-offset",
  { says: "two facts are acknowledged at one offset", turns: ["DUR-6"] },
  (scene, { operation }) => {
    const other = scene.answered("append", (one) => one.endNs > operation.endNs)[0] ?? scene.answered("append")[0]!;
    const event = scene.events[other.index] as OperationEvent;
    return scene.replaced(other.index, { ...event, offset: operation.offset! });
  },
);

/** Facts that earlier scenarios had stored in the zone are gone; the servers count fewer messages at the end. */
const olderGone: Change = {
  name: "older-facts-gone",
  kind: "facts",
  says: "facts that the zone held before the scenario are gone at its end",
  turns: ["DUR-6"],
  variants: (scene) =>
    ([1, 2, 10] as const).flatMap((share): Variant[] => {
      const sent = new Set([...scene.view.operations].map((one) => one.messageId));
      const first = scene.of("stream").find(({ event }) => event.stream === factStream)?.event.messages ?? 0;
      const own = scene.answered("append", (one) => one.endNs < scene.markNs("steady")).length;
      const older = scene.of("stored").filter(({ event }) => !sent.has(event.messageId));
      const gone = new Set(older.slice(0, Math.ceil(older.length / share)).map(({ index }) => index));
      // Of what lies before the audit's first offset only the servers' count tells.
      const fewer = Math.max(gone.size, Math.ceil(first / share));
      if (first < own + 20 || fewer === 0) return [];
      return [
        {
          at: share === 1 ? "all" : `1 of ${share}`,
          events: () =>
            scene.edited((event, index) => {
              if (gone.has(index)) return undefined;
              return isCountAtEnd(scene, event) ? { ...event, messages: event.messages - fewer } : event;
            }),
        },
      ];
    }),
};

function isCountAtEnd(scene: Scene, event: HistoryEvent): event is StreamEvent {
  return event.type === "stream" && event.stream === factStream && event.t > scene.loadEndNs && !event.error;
}

/** Gone while a node is lost, and there again at the end. */
const unreadable: Change = {
  name: "fact-missing-while-a-node-is-lost",
  kind: "facts",
  says: "while a node is lost, a fact that was acknowledged before cannot be read",
  turns: ["INV-3"],
  variants: (scene) => {
    const read = scene.marks("read-back")[0];
    if (!read) return [];
    const rows = scene.of("stored").filter(({ event }) => event.t > scene.effectNs && event.t <= read.event.t);
    const sent = new Set(scene.answered("append", (one) => one.endNs < scene.calmUntilNs).map((one) => one.messageId));
    const own = rows.filter(({ event }) => sent.has(event.messageId));
    const chosen: [string, number | undefined][] = [
      ["the first", own[0]?.index],
      ["the last", own.at(-1)?.index],
    ];
    return chosen.flatMap(([at, index]): Variant[] =>
      index === undefined ? [] : [{ at, events: () => scene.replaced(index, undefined) }],
    );
  },
};

/** In the standard tier the newest facts may be lost, so only the critical tier is wrong. */
const tailLost: Change = {
  name: "newest-facts-lost-in-a-power-loss",
  kind: "facts",
  says: "the facts that were acknowledged last before a power loss of all three are gone",
  turns: ["DUR-7"],
  variants: (scene) =>
    [0.01, 1].flatMap((s): Variant[] => {
      const newest = auditedFacts(scene).filter(
        ({ operation }) => operation.endNs < scene.effectNs && operation.endNs > scene.calmUntilNs - s * 1e9,
      );
      const gone = new Set(newest.flatMap(({ rows }) => rows));
      return gone.size === 0
        ? []
        : [
            {
              at: `of the last ${s} s`,
              events: () => scene.edited((event, index) => (gone.has(index) ? undefined : event)),
            },
          ];
    }),
};

export const factChanges: readonly Change[] = [
  lost,
  altered,
  moved,
  doubled,
  answeredTwice,
  otherPayload,
  sharedOffset,
  olderGone,
  unreadable,
  tailLost,
];
