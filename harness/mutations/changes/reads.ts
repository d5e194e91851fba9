// Wrong reads: pages that leave facts out or repeat them, and cursors that jump or fall back. DUR-6 judges them.

import type { OperationEvent } from "#history/event.ts";
import type { NodeName } from "#spec/node.ts";
import { type Change, otherDigest, type Variant } from "../change.ts";
import type { Scene } from "../scene.ts";

type PageItem = NonNullable<OperationEvent["page"]>[number];

interface Page {
  event: OperationEvent & { page: PageItem[] };
  index: number;
}

/** Pages that hold enough facts to be changed, of one node. */
function pagesOf(scene: Scene, node: NodeName, least = 4): Page[] {
  return scene
    .answered("fetch", (one) => one.node === node)
    .map(({ index }) => ({ index, event: scene.events[index] as Page["event"] }))
    .filter(({ event }) => (event.page?.length ?? 0) >= least);
}

/** A change of the page in the middle of those that a node served: one variant for each node. */
function onePage(name: string, says: string, change: (page: PageItem[], scene: Scene) => PageItem[]): Change {
  return {
    name,
    kind: "reads",
    says,
    turns: ["DUR-6"],
    variants: (scene) =>
      (["alpha", "beta"] as const).flatMap((node): Variant[] => {
        const pages = pagesOf(scene, node);
        const chosen = pages[pages.length >> 1];
        if (!chosen) return [];
        return [
          {
            at: `${node}, ${scene.second(chosen.event.t)}`,
            events: () => scene.replaced(chosen.index, withPage(chosen.event, change(chosen.event.page, scene))),
          },
        ];
      }),
  };
}

function withPage({ page: _, offset: __, ...event }: OperationEvent, page: PageItem[]): OperationEvent {
  const last = page.at(-1)?.offset;
  return { ...event, count: page.length, page, ...(last === undefined ? {} : { offset: last }) };
}

/** All pages and confirmations of one node after the fault, or of the whole run, changed. */
function allPages(scene: Scene, change: (page: PageItem[]) => PageItem[]): Variant[] {
  return (["alpha", "beta"] as const).flatMap((node): Variant[] => {
    const pages = new Set(pagesOf(scene, node, 1).map(({ index }) => index));
    if (pages.size < 3) return [];
    return [
      {
        at: `all of ${node}`,
        events: () =>
          scene.edited((event, index) => {
            if (!pages.has(index)) return event;
            const one = event as Page["event"];
            return withPage(one, change(one.page));
          }),
      },
    ];
  });
}

const emptyPages: Change = {
  name: "pages-empty",
  kind: "reads",
  says: "a node answers each fetch with an empty page although facts are stored",
  turns: ["DUR-6"],
  variants: (scene) => allPages(scene, () => []),
};

/** The next pages begin behind the jump too, so that nothing contradicts the cursor. */
const confirmJumps: Change = {
  name: "confirm-jumps-to-the-end",
  kind: "reads",
  says: "a confirmation moves the cursor to the newest fact, and what lies between is never served",
  turns: ["DUR-6"],
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
                  event.page.filter(({ offset }) => offset > newest),
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
  turns: ["DUR-6"],
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
  turns: ["DUR-6"],
  variants: (scene) => {
    const confirmed = scene.answered("confirm", (one) => one.endNs < scene.effectNs).at(-1);
    const first = scene.answered("fetch", (one) => one.endNs < scene.effectNs && (one.offset ?? 0) > 0)[0];
    const next = scene.answered("fetch", (one) => one.invokeNs > scene.effectNs)[0];
    if (!confirmed || !first || !next) return [];
    const old = scene.events[first.index] as OperationEvent;
    const event = scene.events[next.index] as OperationEvent;
    if (!old.page || old.page.length === 0) return [];
    return [{ at: "first page after it", events: () => scene.replaced(next.index, withPage(event, [...old.page!])) }];
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
    says: "a node serves one fact a page, and what the rest of the page held is never served",
    turns: ["DUR-6"],
    variants: (scene) => allPages(scene, (page) => page.slice(0, 1)),
  },
  confirmJumps,
  confirmFallsBack,
  cursorForgotten,
];
