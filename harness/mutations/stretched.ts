// A history in which some seconds more pass at one moment: everything later comes later, and clients and observer go on
// in the added time. Its calls are refused, as without an active node.

import type { HistoryEvent } from "#history/event.ts";
import { nsPerS } from "./change.ts";
import type { Scene } from "./scene.ts";

/** Fields of events, and of their details, that are stamps on the same clock. */
const stamps = ["t", "sinceNs", "startedNs", "atNs", "beganNs"] as const;
const appendsPerS = 60;

export function stretched(scene: Scene, atNs: number, byNs: number): HistoryEvent[] {
  const moved = scene.events.map((event) => shifted(event, atNs, byNs));
  return [...moved, ...addedTime(scene, atNs, byNs)].sort((a, b) => a.t - b.t);
}

function shifted<T extends object>(value: T, atNs: number, byNs: number): T {
  const copy = { ...value } as Record<string, unknown>;
  for (const name of stamps) {
    const stamp = copy[name];
    if (typeof stamp === "number" && stamp >= atNs) copy[name] = stamp + byNs;
  }
  for (const name of ["controller", "detail"]) {
    const inner = copy[name];
    if (typeof inner === "object" && inner !== null) copy[name] = shifted(inner, atNs, byNs);
  }
  return copy as T;
}

function addedTime(scene: Scene, fromNs: number, forNs: number): HistoryEvent[] {
  const look = scene.of("looks").findLast(({ event }) => event.t <= fromNs)?.event;
  const looks = Array.from({ length: look ? Math.floor(forNs / nsPerS) : 0 }, (_, second): HistoryEvent => ({
    ...look!,
    t: fromNs + second * nsPerS,
  }));
  const calls = Array.from({ length: Math.floor((forNs / nsPerS) * appendsPerS) }, (_, place): HistoryEvent[] => {
    const t = fromNs + (place * nsPerS) / appendsPerS;
    const call = { op: 900_000_000 + place, process: "client-added", f: "append" as const };
    const ids = { messageId: `added-${place}`, digest: "0badf00d" };
    return [
      { t, type: "invoke", ...call, ...ids },
      { t: t + 1_000, type: "fail", ...call, error: "not-connected" },
    ];
  });
  return [...looks, ...calls.flat()];
}
