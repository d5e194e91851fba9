// Wrong reads: pages that leave facts out or repeat them, and cursors that jump or fall back. RPC-1 and RPC-2 judge
// them.

import type { HistoryEvent, OperationEvent } from "#history/event.ts";
import { factsOf, type PageFact, packedPage } from "#history/page.ts";
import type { NodeName } from "#spec/node.ts";
import { type Change, otherDigest, type Variant } from "../change.ts";
import type { Scene } from "../scene.ts";

interface ServedPage {
  event: OperationEvent;
  index: number;
  facts: PageFact[];
}

/** Pages that hold enough facts to be changed, of one node. */
function pagesOf(scene: Scene, node: NodeName, least = 4): ServedPage[] {
  return scene
    .answered("fetch", (one) => one.node === node)
    .map(({ index }) => ({ index, event: scene.events[index] as OperationEvent }))
    .map(({ index, event }) => ({ index, event, facts: factsOf(event.page ?? []) }))
    .filter(({ facts }) => facts.length >= least);
}

/** A change of the page in the middle of those that a node served: one variant for each node. */
function onePage(name: string, says: string, change: (page: PageFact[]) => PageFact[]): Change {
  return {
    name,
    kind: "reads",
    says,
    turns: ["RPC-1"],
    everywhere: ["RPC-1"],
    variants: (scene) =>
      (["alpha", "beta"] as const).flatMap((node): Variant[] => {
        const pages = pagesOf(scene, node);
        const chosen = pages[pages.length >> 1];
        if (!chosen) return [];
        return [
          {
            at: `${node}, ${scene.second(chosen.event.t)}`,
            events: () => scene.replaced(chosen.index, withPage(chosen.event, change(chosen.facts))),
          },
        ];
      }),
  };
}

function withPage({ page: _, offset: __, ...event }: OperationEvent, page: PageFact[]): OperationEvent {
  const last = page.at(-1)?.offset;
  return { ...event, count: page.length, page: packedPage(page), ...(last === undefined ? {} : { offset: last }) };
}

/** All pages and confirmations of one node after the fault, or of the whole run, changed. */
function allPages(scene: Scene, change: (page: PageFact[]) => PageFact[]): Variant[] {
  return (["alpha", "beta"] as const).flatMap((node): Variant[] => {
    const pages = new Map(pagesOf(scene, node, 1).map((one) => [one.index, one.facts]));
    if (pages.size < 3) return [];
    return [
      {
        at: `all of ${node}`,
        events: () =>
          scene.edited((event, index) => {
            const facts = pages.get(index);
            return facts ? withPage(event as OperationEvent, change(facts)) : event;
          }),
      },
    ];
  });
}

const emptyPages: Change = {
  name: "pages-empty",
  kind: "reads",
  says: "a node answers each fetch with an empty page although facts are stored",
  turns: ["RPC-1"],
  variants: (scene) => allPages(scene, () => []),
};

/** The next pages begin behind the jump too, so that nothing contradicts the cursor. */
const confirmJumps: Change = {
  name: "confirm-jumps-to-the-end",
  kind: "reads",
  says: "a confirmation moves the cursor to the newest fact, and the facts before it are never served",
  turns: ["RPC-2"],
  everywhere: ["RPC-2"],
  variants: (scene) =>
    (["alpha", "beta"] as const).flatMap((node): Variant[] => {
      const confirms = scene.answered("confirm", (one) => one.node === node);
      const chosen = confirms[confirms.length >> 1];
      if (!chosen) return [];
      const newest = Math.max(...scene.answered("append", (o) => o.endNs < chosen.endNs).map((o) => o.offset ?? 0));
      if (!(newest > (chosen.offset ?? Infinity) + 10)) return [];
      const isLater = (event: { t: number }) => event.t > chosen.endNs;
      return [
        {
          at: `${node}, ${scene.second(chosen.endNs)}`,
          events: () =>
            scene.edited((event, index) => {
              if (index === chosen.index) return { ...(event as OperationEvent), offset: newest };
              if (event.type === "ok" && event.f === "fetch" && event.page && isLater(event))
                return withPage(
                  event,
                  factsOf(event.page).filter(({ offset }) => offset > newest),
                );
              const isConfirm = "f" in event && event.f === "confirm" && event.offset !== undefined && isLater(event);
              return isConfirm ? { ...event, offset: Math.max(newest, event.offset!) } : event;
            }),
        },
      ];
    }),
};

const confirmFallsBack: Change = {
  name: "confirm-falls-back",
  kind: "reads",
  says: "a confirmation leaves the cursor before what was confirmed",
  turns: ["RPC-2"],
  everywhere: ["RPC-2"],
  variants: (scene) =>
    (["alpha", "beta"] as const).flatMap((node): Variant[] => {
      const chosen = scene.answered("confirm", (one) => one.node === node).at(-1);
      if (!chosen) return [];
      const event = scene.events[chosen.index] as OperationEvent;
      return [
        {
          at: `${node}, the last one`,
          events: () => scene.replaced(chosen.index, { ...event, offset: (event.offset ?? 0) - 5 }),
        },
      ];
    }),
};

/** After the fault the reader is served again what it had confirmed before. */
const cursorForgotten: Change = {
  name: "cursor-forgotten",
  kind: "reads",
  says: "after the fault the pages begin again where the consumer began",
  turns: ["RPC-2"],
  everywhere: ["RPC-2"],
  variants: (scene) => {
    const confirmed = scene.answered("confirm", (one) => one.endNs < scene.effectNs).at(-1);
    const first = scene.answered("fetch", (one) => one.endNs < scene.effectNs && (one.offset ?? 0) > 0)[0];
    const next = scene.answered("fetch", (one) => one.invokeNs > scene.effectNs)[0];
    if (!confirmed || !first || !next) return [];
    const old = scene.events[first.index] as OperationEvent;
    const event = scene.events[next.index] as OperationEvent;
    if (!old.page || old.page.length === 0) return [];
    return [
      { at: "first page after it", events: () => scene.replaced(next.index, withPage(event, factsOf(old.page!))) },
    ];
  },
};

/** The page after it begins where the one before began. */
const confirmDropped: Change = {
  name: "confirm-dropped",
  kind: "reads",
  says: "a confirmation is answered and not carried out",
  turns: ["RPC-2"],
  everywhere: ["RPC-2"],
  variants: (scene) =>
    (["alpha", "beta"] as const).flatMap((node): Variant[] => {
      const pages = pagesOf(scene, node, 1);
      const chosen = pages[pages.length >> 1];
      const next = pages.find(({ event }) => event.process === chosen?.event.process && event.t > chosen.event.t);
      const isConfirmed = scene
        .answered("confirm", ({ process }) => process === chosen?.event.process)
        .some(({ endNs, offset }) => offset === chosen!.event.offset && endNs < (next?.event.t ?? 0));
      if (!chosen || !next || !isConfirmed) return [];
      const facts = [...chosen.facts, ...next.facts];
      return [{ at: node, events: () => scene.replaced(next.index, withPage(next.event, facts)) }];
    }),
};

/** Where the pages of one consumer are, those of another one are left out. */
const oneCursor: Change = {
  name: "one-cursor-for-all",
  kind: "reads",
  says: "a consumer is not served what another one has confirmed",
  turns: ["RPC-2"],
  variants: (scene) =>
    (["alpha", "beta"] as const).flatMap((node): Variant[] => {
      const pages = pagesOf(scene, node, 2);
      const chosen = pages[pages.length >> 1];
      const other = pages.findLast(({ event }) => event.t < chosen!.event.t && event.process !== chosen!.event.process);
      const left = chosen?.facts.filter(({ offset }) => offset > (other?.event.offset ?? 0)) ?? [];
      if (!chosen || !other || left.length === 0 || left.length === chosen.facts.length) return [];
      return [{ at: node, events: () => scene.replaced(chosen.index, withPage(chosen.event, left)) }];
    }),
};

/** The consumer's calls are gone from the history, and from what the client counted. */
function silent(name: string, says: string, isGone: (scene: Scene, event: OperationEvent) => boolean): Change {
  return {
    name,
    kind: "reads",
    says,
    turns: ["RPC-1"],
    variants: (scene) =>
      [...new Set(scene.answered("fetch").map(({ process }) => process))].flatMap((process): Variant[] => {
        const isLost = (event: HistoryEvent): event is OperationEvent =>
          "op" in event && event.process === process && isGone(scene, event);
        // A consumer that has read everything loses nothing.
        const reads = scene.events.some(
          (event) => isLost(event) && event.f === "fetch" && (event.page?.length ?? 0) > 0,
        );
        if (!reads) return [];
        return [{ at: process, events: () => scene.edited((event) => (isLost(event) ? undefined : event)) }];
      }),
  };
}

/** The answers to known ids with another payload, by node. */
const otherAcknowledged: Change = {
  name: "other-payload-acknowledged",
  kind: "reads",
  says: "a known message id with another payload is acknowledged at the offset of the first",
  turns: ["RPC-3"],
  everywhere: ["RPC-3"],
  variants: (scene) =>
    (["alpha", "beta"] as const).flatMap((node): Variant[] => {
      const offsets = new Map(scene.answered("append").map(({ messageId, offset }) => [messageId, offset]));
      const refused = scene.events.findIndex(
        (event) => event.type === "fail" && event.isOther === true && event.node === node,
      );
      const { error: _, ...event } = (scene.events[refused] ?? {}) as OperationEvent;
      const offset = event.firstOffset ?? offsets.get(event.messageId) ?? 1;
      if (refused < 0) return [];
      return [{ at: node, events: () => scene.replaced(refused, { ...event, type: "ok", offset }) }];
    }),
};

const neverRefused: Change = {
  name: "other-payload-never-sent",
  kind: "reads",
  says: "the client sends no known message id with another payload",
  turns: ["RPC-3"],
  variants: (scene) => {
    const isSent = scene.events.some((event) => event.type === "invoke" && event.isOther);
    const events = () => scene.edited((event) => ("op" in event && event.isOther ? undefined : event));
    return isSent ? [{ at: "the whole run", events }] : [];
  },
};

export const readChanges: readonly Change[] = [
  onePage("page-lacks-its-middle", "a page leaves a fact out", (page) => page.toSpliced(page.length >> 1, 1)),
  onePage("page-lacks-its-first", "a page begins one fact too late", (page) => page.slice(1)),
  onePage("page-out-of-order", "a page holds its facts in the wrong order", (page) => page.toReversed()),
  onePage("page-holds-one-twice", "a page holds a fact twice", (page) => [...page, page.at(-1)!]),
  onePage("page-altered", "a page holds a fact with another payload", (page) =>
    page.map((one, place) => (place === 1 ? { ...one, digest: otherDigest(one.digest) } : one)),
  ),
  emptyPages,
  {
    name: "pages-short",
    kind: "reads",
    says: "a node serves one fact of each page, and never serves the other facts of the page",
    turns: ["RPC-1"],
    variants: (scene) => allPages(scene, (page) => page.slice(0, 1)),
  },
  confirmJumps,
  confirmFallsBack,
  confirmDropped,
  cursorForgotten,
  oneCursor,
  silent(
    "consumer-stops-reading",
    "a consumer asks for nothing from the middle of the load on",
    (scene, { t }) => t > (scene.markNs("steady") + scene.loadEndNs) / 2,
  ),
  silent("consumer-not-drained", "a consumer asks for nothing after the load", (scene, { t }) => t > scene.loadEndNs),
  otherAcknowledged,
  neverRefused,
];
