// Changes what the observer saw of a node for a stretch of time. The samples at both ends are added, as an observer
// that samples every 5 ms would have recorded them.

import { sortedByTime } from "#history/codec.ts";
import type { HistoryEvent, ObservedEvent } from "#history/event.ts";
import { stateAt } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";
import { nsPerMs } from "./change.ts";
import type { Scene } from "./scene.ts";

const sampleNs = 5 * nsPerMs;

export type State = Partial<Pick<ObservedEvent, "isAlive" | "ownsVip" | "listens" | "isFrozen" | "role">>;

export interface Stretch {
  fromNs: number;
  toNs: number;
}

/** `state` holds for the node in the stretch. Undefined when the node was not yet observed at its beginning. */
export function overlaid(
  scene: Scene,
  node: NodeName,
  { fromNs, toNs, ...state }: Stretch & State,
): (() => HistoryEvent[]) | undefined {
  const before = stateAt(scene.view, node, fromNs);
  const after = stateAt(scene.view, node, toNs);
  if (!before || !after) return undefined;
  const { startedNs: _, ...first } = before;
  const { startedNs: __, ...last } = after;
  const added: HistoryEvent[] = [{ ...first, ...state, t: fromNs, sinceNs: fromNs - sampleNs }];
  if (toNs < scene.view.lastNs) added.push({ ...last, t: toNs, sinceNs: toNs - sampleNs });
  return () => {
    const changed = scene.edited((event) => {
      const isInside = event.type === "observed" && event.node === node && event.t >= fromNs && event.t < toNs;
      return isInside ? { ...event, ...state } : event;
    });
    return sortedByTime([...changed, ...added]);
  };
}
