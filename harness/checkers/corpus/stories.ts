// Scenarios as a correct zone would live them, one function a row of the failure table. Cases bend them.

import type { NodeName } from "#spec/node.ts";
import { atNs, HistoryBuilder, type Stretch } from "./builder.ts";

export interface TakeoverStory {
  scenario?: string;
  entries?: string[];
  /** Seconds from the fault to Beta's first answer; 13 unless given. */
  failoverS?: number;
  /** How the failing node leaves. */
  way?: "kill" | "pause" | "isolate";
  /** Second at which an isolated Alpha gives up; 3 after the fault unless given. */
  stopsAfterS?: number;
}

const faultS = 12;
const backS = 45;
const endS = 56;

export function opening(builder: HistoryBuilder): void {
  builder.mark(0, "zone-created").allUp(0.5).promote(1.5, "alpha").mark(5, "zone-ready");
  builder.mark(6, "load-started").mark(10, "steady");
}

export function ending(builder: HistoryBuilder, atS = endS): HistoryBuilder {
  builder
    .streams(atS - 1)
    .mark(atS - 0.5, "recovered")
    .mark(atS, "load-stopped")
    .looks(1, atS);
  return builder.audit(atS + 2);
}

/** FAIL-1 and FAIL-5: Alpha goes at second 12, Beta takes over, Alpha is back at 45. */
export function takeover(story: TakeoverStory = {}): HistoryBuilder {
  const {
    scenario = "fail-1-kill",
    entries = ["FAIL-1", "DUAL-0", "DUR-6", "TIME-1"],
    failoverS = 13,
    way = "kill",
  } = story;
  const builder = new HistoryBuilder(scenario, entries);
  opening(builder);
  builder.mark(11.9, "provoked", { expectsFailover: true, from: "alpha", to: "beta" });
  builder.fault({ fault: way === "isolate" ? "cut" : way, nodes: ["alpha"], effectS: faultS, healS: backS });
  const stopsS = faultS + (way === "isolate" ? (story.stopsAfterS ?? 3) : 0);
  leave(builder, way, stopsS);
  const answersS = faultS + failoverS;
  builder
    .promote(answersS - 2.35, "beta")
    .mark(answersS + 1, "failed-over")
    .mark(backS + 0.1, "repaired");
  comeBack(builder, way);
  const outside: Stretch[] = [
    { fromS: 0, toS: faultS - 0.01, node: "alpha" },
    { fromS: answersS - 0.01, toS: 99, node: "beta" },
  ];
  const inside: Stretch[] = [{ fromS: 0, toS: faultS + 2.6, node: "alpha" }];
  builder.loads([
    { fromS: 6, toS: endS, served: outside },
    ...(way === "isolate" ? [{ fromS: 11.1, toS: 30, process: "alpha", served: inside }] : []),
  ]);
  return ending(builder);
}

function leave(builder: HistoryBuilder, way: TakeoverStory["way"], s: number): void {
  if (way === "kill") builder.vanish(s, "alpha");
  else if (way === "pause") builder.observe(s, "alpha", { isFrozen: true }).observe(s + 3, "alpha", { ownsVip: false });
  else builder.demote(s, "alpha", "FAULT");
}

function comeBack(builder: HistoryBuilder, way: TakeoverStory["way"]): void {
  if (way === "kill") builder.rejoin(backS, "alpha");
  else if (way === "pause") builder.observe(backS, "alpha", { isFrozen: false, listens: [], role: "BACKUP" });
  else builder.observe(backS + 2, "alpha", { role: "BACKUP" });
}

/** FAIL-2, FAIL-3 and FAIL-6: a node that is not active goes at second 12 and is back at 45; Alpha serves on. */
export function standbyFails(entry: string, node: NodeName, gapS = 0): HistoryBuilder {
  const builder = new HistoryBuilder(`${entry.toLowerCase()}-kill`, [entry, "DUAL-0", "DUR-6"]);
  opening(builder);
  builder.mark(11.9, "provoked", { expectsFailover: false });
  builder.fault({ fault: "kill", nodes: [node], effectS: faultS, healS: backS });
  builder
    .vanish(faultS, node)
    .rejoin(backS, node)
    .mark(30, "held")
    .mark(backS + 0.1, "repaired");
  builder.load({ fromS: 6, toS: endS }, [
    { fromS: 0, toS: faultS, node: "alpha" },
    { fromS: faultS + gapS, toS: 99, node: "alpha" },
  ]);
  return ending(builder);
}

/** FAIL-4: Alpha goes at 12 and Beta at 14; Alpha is back at 40 and Beta at 60, or with it. */
export function bothFail(betaBackS = 60): HistoryBuilder {
  const builder = new HistoryBuilder("fail-4-alpha-then-beta", ["FAIL-4", "DUAL-0", "DUR-6"]);
  opening(builder);
  builder.mark(11.9, "provoked", { expectsFailover: false });
  builder.fault({ fault: "kill", nodes: ["alpha"], effectS: 12, healS: 40 });
  builder.fault({ fault: "kill", nodes: ["beta"], effectS: 14, healS: betaBackS });
  builder.vanish(12, "alpha").vanish(14, "beta").rejoin(40, "alpha").promote(50, "alpha").rejoin(betaBackS, "beta");
  for (const s of [20, 25, 30])
    builder.add({ t: atNs(s), type: "quorum", node: "gamma", isAcknowledged: false, error: "timeout" });
  builder.mark(40.1, "repaired", { node: "alpha" }).mark(betaBackS + 0.1, "repaired", { node: "beta" });
  builder.load({ fromS: 6, toS: 72 }, [
    { fromS: 0, toS: 11.99, node: "alpha" },
    { fromS: 52.4, toS: 99, node: "alpha" },
  ]);
  return ending(builder, 72);
}

/** FAIL-7 and FAIL-8: Beta is unfit from 11, Alpha goes at 14; Beta is fit again at 40 and takes over, or warns and takes over at once. */
export function denied(entry: "FAIL-7" | "FAIL-8", policy: "deny" | "warn" = "deny", way = "short"): HistoryBuilder {
  const builder = new HistoryBuilder(`${entry.toLowerCase()}-${way}-${policy}`, [entry, "DUAL-0", "DUR-6"]);
  builder.header.zone.spec["certificate"] = { minDays: 30, policy };
  opening(builder);
  builder.mark(11, "provoked", { expectsFailover: false });
  const fault = entry === "FAIL-7" ? "storage" : "certificate";
  builder.fault({ fault, nodes: ["beta"], effectS: 11, healS: 40, way });
  builder.fault({ fault: "kill", nodes: ["alpha"], effectS: 14, healS: 60 });
  builder.vanish(14, "alpha");
  const isWarned = policy === "warn" && way === "short";
  const promotesS = isWarned ? 25 : 46;
  builder.promote(promotesS, "beta").rejoin(60, "alpha");
  const why = isWarned ? "warn: 12 days left, 30 wanted" : "12 days left, 30 wanted";
  builder.add({ t: atNs(20), type: "gates", node: "beta", gates: { certificate: { isOpen: isWarned, why } } });
  builder.mark(40.1, "repaired", { node: "beta" }).mark(60.1, "repaired", { node: "alpha" });
  builder.load({ fromS: 6, toS: 68 }, [
    { fromS: 0, toS: 13.99, node: "alpha" },
    { fromS: promotesS + 2.4, toS: 99, node: "beta" },
  ]);
  return ending(builder, 68);
}
