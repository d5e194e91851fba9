// All three nodes lose power under load and come back, as a correct zone of each tier would live it. Four facts a second
// stand for hundreds, so the bounds on the load are smaller too.

import { type NodeName, nodeNames } from "#spec/node.ts";
import type { Tier } from "#spec/zone-spec.ts";
import { atNs, HistoryBuilder, type Stretch } from "./builder.ts";
import { ending, opening } from "./stories.ts";

export interface LossStory {
  tier: Tier;
  /** Second from which facts are gone; none unless given. */
  lostSinceS?: number;
  spreadMs?: number;
  /** As the servers tell them, where they differ from the tier's. */
  syncAlways?: boolean;
  syncIntervalS?: number;
  /** Clients that send facts before the loss, four a second each; one unless given. */
  clients?: 1 | 2;
  /** The three are flushed one after the other, a second apart, instead of together. */
  isUneven?: boolean;
  /** Flushes of each disk while facts are acknowledged at a calm rate. */
  flushes?: number;
}

const flushS = 17.5;
export const fullS = 18;
const darkS = 42;
const backS = 58;
const endS = 66;

export function allLosePower(story: LossStory): HistoryBuilder {
  const { tier, spreadMs = 0.7 } = story;
  const entries = tier === "critical" ? ["DUR-5", "DUR-7", "DUR-9"] : ["DUR-4", "DUR-8", "DUR-9"];
  const builder = new HistoryBuilder(`all-lose-power-${tier}`, [...entries, "DUAL-0"]);
  builder.header.zone.spec = { ...builder.header.zone.spec, tier, stores: "ext4" };
  Object.assign(builder.header.bounds, { lossFactsPerS: 2, lossFactsMin: 50, priceAnswersMin: 50 });
  opening(builder);
  for (const node of nodeNames) server(builder, 10.2, { node, story });
  disks(builder, 10.5, 100);
  disks(builder, 17, 100 + (story.flushes ?? (tier === "critical" ? 27 : 2)));
  if (story.isUneven)
    nodeNames.forEach((node, place) =>
      builder.mark(flushS + place, "flushed", { beganNs: atNs(flushS + place - 0.1), nodes: [node] }),
    );
  else builder.mark(flushS, "flushed", { beganNs: atNs(flushS - 0.1), nodes: [...nodeNames] });
  builder.mark(fullS, "paced", { inFlight: 24 });
  builder.mark(darkS - 0.1, "provoked", { expectsFailover: false });
  builder.fault({ fault: "power", nodes: [...nodeNames], effectS: darkS, healS: darkS + 2.5 });
  for (const event of builder.events)
    if (event.type === "fault" && event.phase === "effective") event.detail = { spreadMs, packets: [3, 4, 5] };
  for (const node of nodeNames) builder.vanish(darkS, node).rejoin(darkS + 2.5, node);
  builder.mark(darkS + 0.2, "paced", { appendPerS: 60 }).mark(darkS + 2.6, "repaired", { node: "alpha" });
  builder.promote(backS - 2.4, "alpha").mark(backS + 1, "failed-over");
  const clients = ["client", "another"].slice(0, story.clients ?? 1);
  const served: Stretch[] = [{ fromS: 0, toS: 99, node: "alpha" }];
  builder.loads(clients.map((process) => ({ fromS: 6, toS: darkS, process, served })));
  if (story.lostSinceS !== undefined) builder.forget(story.lostSinceS);
  builder.load({ fromS: darkS, toS: endS }, [{ fromS: backS, toS: 99, node: "alpha" }]);
  return ending(builder, endS);
}

function server(builder: HistoryBuilder, s: number, of: { node: NodeName; story: LossStory }): void {
  const { node, story } = of;
  const { syncAlways = story.tier === "critical", syncIntervalS = 120 } = story;
  const facts = { name: "facts_operational", replicas: 3, storage: "file" as const, messages: 17, bytes: 4_000 };
  builder.add({
    t: atNs(s),
    type: "server",
    node,
    isReachable: true,
    hasJetStream: true,
    syncAlways,
    syncIntervalNs: syncIntervalS * 1e9,
    streams: [{ ...facts, consumers: [] }],
  });
}

function disks(builder: HistoryBuilder, s: number, flushes: number): void {
  const counts = { writes: 2 * flushes, writtenBytes: 8_192 * flushes, flushes };
  builder.mark(s, "disks", Object.fromEntries(nodeNames.map((node) => [node, counts])));
}
