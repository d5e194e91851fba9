// The corpus: named histories, right and wrong, and the verdict each must get. The text of every case is checked
// in under fixtures/histories; `node fixtures/histories/write.ts` writes it again.

import type { History, ObservedEvent } from "#history/event.ts";
import { bootstrapCases } from "./bootstrap-cases.ts";
import { atNs, type HistoryBuilder, vip } from "./builder.ts";
import { bend, type Case, crowded, kept, wrong } from "./case.ts";
import { durabilityCases } from "./durability-cases.ts";
import { factCases } from "./fact-cases.ts";
import { rotCases } from "./rot-cases.ts";
import { steadyCases } from "./steady-cases.ts";
import { gateCases } from "./gate-cases.ts";
import { securityCases } from "./security-cases.ts";
import { monitorCases } from "./monitor-cases.ts";
import { rebuiltZoneCases } from "./rebuilt-zone.ts";
import { recoveryCases } from "./recovery-cases.ts";
import { pairCases } from "./pair-cases.ts";
import { bothFail, denied, standbyFails, takeover } from "./stories.ts";

/** Where a case is kept, below fixtures/histories. */
export function fileOf(one: Case): string {
  return `${one.verdict === "kept" ? "valid" : "invalid"}/${one.entry.toLowerCase()}-${one.name}.jsonl`;
}

const dualActive: Case[] = [
  kept("DUAL-0", "kill", () => takeover()),
  kept("DUAL-0", "frozen-owner-is-not-active", () => takeover({ scenario: "fail-1-pause", way: "pause" })),
  kept("DUAL-0", "vip-overlap-alone", () => vipOverlap()),
  wrong("DUAL-0 both-active broken", /alpha and beta were both active for 7/, () =>
    takeover({ way: "isolate", stopsAfterS: 20 }),
  ),
  wrong("DUAL-0 wildcard-listener broken", /both active/, () => wildcardOverlap()),
  wrong("DUAL-0 answers-interleave broken", /between two answers of beta/, () =>
    takeover().append({ s: 30.1, process: "client-99", node: "alpha" }),
  ),
  wrong("DUAL-0 between-two-looks unknown", /may have been active together for up to/, () => betweenLooks()),
  wrong("DUAL-0 active-at-the-first-look-after-its-start unknown", /may have been active together for up to/, () =>
    returning(44, { ownsVip: true, listens: [`${vip}:9443`] }).demote(44.9, "beta"),
  ),
  kept("DUAL-0", "first-look-soon-after-its-start", () => returning(43.6)),
  wrong("DUAL-0 first-look-long-after-its-start unknown", /alpha ran for 4000 ms before the first look at it/, () =>
    returning(41),
  ),
  wrong("DUAL-0 nobody-looked-at-gamma unknown", /nobody looked at gamma/, () =>
    bend(takeover(), (event) => (event.type === "observed" && event.node === "gamma" ? undefined : event)),
  ),
  wrong("DUAL-0 blind-observer unknown", /did not look for 900 ms/, () =>
    bend(takeover(), (event) =>
      event.type === "looks" && event.t === atNs(30) ? { ...event, gapMaxNs: 900e6 } : event,
    ),
  ),
];

/** A frozen Alpha keeps the address until it is killed; Beta takes over meanwhile: two owners, one active. */
function vipOverlap(): HistoryBuilder {
  return bend(takeover({ scenario: "fail-1-pause", way: "pause" }), (event) => {
    if (event.type !== "observed" || event.node !== "alpha" || !event.isFrozen) return event;
    return event.t > atNs(13) ? { ...event, t: atNs(40), sinceNs: atNs(39.996) } : event;
  });
}

/** Alpha comes back, had run since that second, and is looked at first at 45, while beta is active. */
function returning(startedS: number, seen: Partial<ObservedEvent> = {}): HistoryBuilder {
  return bend(takeover(), (event) =>
    event.type === "observed" && event.node === "alpha" && event.t === atNs(45)
      ? { ...event, ...seen, startedNs: atNs(startedS) }
      : event,
  );
}

/** Beta serves on a wildcard address while Alpha is still active. */
function wildcardOverlap(): HistoryBuilder {
  return bend(takeover({ way: "isolate", stopsAfterS: 20 }), (event) =>
    event.type === "observed" && event.node === "beta" && event.listens.length > 0
      ? { ...event, listens: ["0.0.0.0:9443"] }
      : event,
  );
}

/** Alpha's end was seen late: its last look before lies behind Beta's start. */
function betweenLooks(): HistoryBuilder {
  const builder = takeover({ way: "isolate", stopsAfterS: 13.5 });
  return bend(builder, (event) =>
    event.type === "observed" && event.node === "alpha" && event.role === "FAULT"
      ? { ...event, sinceNs: atNs(24.8) }
      : event,
  );
}

const failoverTime: Case[] = [
  kept("TIME-1", "kill", () => takeover()),
  kept("TIME-1", "pause", () => takeover({ scenario: "fail-1-pause", way: "pause" })),
  kept("TIME-1", "just-slow-enough", () => takeover({ failoverS: 5.25 })),
  wrong("TIME-1 four-point-nine-seconds broken", /4\.\d s after kill on alpha, sooner than 5 s/, () =>
    timedExactly(4.9),
  ),
  wrong("TIME-1 thirty-point-one-seconds broken", /30\.1 s after kill on alpha, later than 30 s/, () =>
    timedExactly(30.1),
  ),
  wrong("TIME-1 late-on-a-crowded-machine unknown", /later than 30 s, and the machine was crowded/, () =>
    crowded(timedExactly(30.1), 9),
  ),
  wrong("TIME-1 late-on-a-busy-machine broken", /30\.1 s after kill on alpha, later than 30 s/, () =>
    crowded(timedExactly(30.1), 2),
  ),
  wrong("TIME-1 no-failover broken", /no other node answered/, () => withoutBeta(takeover())),
  wrong("TIME-1 no-failover-on-a-crowded-machine unknown", /no other node answered.*the machine was crowded/, () =>
    crowded(withoutBeta(takeover()), 9),
  ),
  wrong("TIME-1 effect-not-known-well-enough unknown", /straddles/, () =>
    bend(timedExactly(4.9), (event) => {
      if (event.type === "fault" && event.phase === "injecting") return { ...event, t: event.t - 0.5e9 };
      return event.type === "observed" && event.t === atNs(12) ? { ...event, sinceNs: atNs(11.4) } : event;
    }),
  ),
];

/** First answer of Beta at exactly that many seconds after the fault. */
function timedExactly(s: number): HistoryBuilder {
  return takeover({ failoverS: s + 0.2 }).append({ s: 12 + s - 0.003, process: "client-77", node: "beta" });
}

/** Beta stays a standby, and nobody answers after the fault. */
function withoutBeta(builder: HistoryBuilder): HistoryBuilder {
  return bend(builder, (event) => {
    if (event.type === "observed" && event.node === "beta") return event.ownsVip ? undefined : event;
    if (event.type === "ok" && event.node === "beta") return { ...event, type: "info", error: "deadline_exceeded" };
    return event;
  });
}

const assumptions: Case[] = [
  wrong("FAIL-1 load-below-its-floor unknown", /below its floor of 2 appends/, () => {
    const builder = takeover();
    const starved = builder.events.flatMap((e) =>
      e.type === "invoke" && e.t > atNs(30) && e.t < atNs(36) ? e.op : [],
    );
    return bend(builder, (event) => ("op" in event && starved.includes(event.op) ? undefined : event));
  }),
  wrong("FAIL-1 no-proof-of-the-fault unknown", /no proof of its effect/, () =>
    bend(takeover(), (event) =>
      event.type === "fault" && event.phase === "effective" ? { ...event, proof: "" } : event,
    ),
  ),
  wrong("FAIL-1 never-healed unknown", /was never healed/, () =>
    bend(takeover(), (event) => (event.type === "fault" && event.phase === "healed" ? undefined : event)),
  ),
  wrong("FAIL-1 observer-silent unknown", /silent for 6\.0 s/, () =>
    bend(takeover(), (event) =>
      event.type === "looks" && event.t > atNs(20) && event.t < atNs(26) ? undefined : event,
    ),
  ),
  wrong("FAIL-1 in-fault-because-not-healed unknown", /was never healed/, () =>
    bend(takeover().observe(47, "alpha", { role: "FAULT" }), (event) =>
      event.type === "fault" && event.phase === "healed" ? undefined : event,
    ),
  ),
  wrong("FAIL-1 other-fault-than-planned unknown", /kill on beta was planned and kill on alpha ran/, () => {
    const builder = takeover();
    builder.header.plannedFaults = [{ fault: "kill", nodes: ["beta"] }];
    return builder;
  }),
  wrong("FAIL-1 harness-had-trouble unknown", /agent\/lost/, () =>
    takeover().add({ t: atNs(33), type: "trouble", code: "agent/lost", message: "stream ended" }),
  ),
];

const failure: Case[] = [
  kept("FAIL-1", "kill", () => takeover()),
  kept("FAIL-1", "pause", () => takeover({ scenario: "fail-1-pause", way: "pause" })),
  wrong("FAIL-1 beta-does-not-promote broken", /beta did not own the VIP/, () => withoutBeta(takeover())),
  wrong("FAIL-1 alpha-preempts broken", /it stopped being active .* "beta stayed active"/, () =>
    takeover()
      .demote(46, "beta")
      .observe(46.1, "alpha", { ownsVip: true, role: "MASTER" })
      .observe(48, "alpha", { listens: [`${vip}:9443`] }),
  ),
  wrong("FAIL-1 alpha-rejoins-in-fault broken", /keepalived on alpha was in FAULT/, () =>
    takeover().observe(47, "alpha", { role: "FAULT" }),
  ),
  kept("FAIL-2", "kill", () => standbyFails("FAIL-2", "beta")),
  wrong("FAIL-2 alpha-demotes broken", /it stopped being active .* "alpha stayed active"/, () =>
    standbyFails("FAIL-2", "beta").demote(20, "alpha").promote(24, "alpha"),
  ),
  wrong("FAIL-2 beta-does-not-rejoin broken", /not running at the end/, () =>
    standbyFails("FAIL-2", "beta").vanish(47, "beta"),
  ),
  kept("FAIL-3", "kill", () => standbyFails("FAIL-3", "gamma", 9)),
  wrong("FAIL-3 outage-too-long broken", /no fact was acknowledged for 2\d{4}/, () =>
    standbyFails("FAIL-3", "gamma", 20),
  ),
  wrong(
    "FAIL-3 outage-on-a-crowded-machine unknown",
    /no fact was acknowledged for 2\d{4}.*the machine was crowded/,
    () => crowded(standbyFails("FAIL-3", "gamma", 20), 9),
  ),
  wrong("FAIL-3 gamma-listens broken", /gamma had a listener/, () =>
    standbyFails("FAIL-3", "gamma").observe(48, "gamma", { listens: ["127.0.0.1:9443"] }),
  ),
  wrong("FAIL-3 replica-lags broken", /alpha lags in facts_operational by 12/, () =>
    bend(standbyFails("FAIL-3", "gamma"), (event) =>
      event.type === "stream"
        ? { ...event, replicas: [{ name: "alpha", isCurrent: false, lag: 12 }, ...event.replicas.slice(1)] }
        : event,
    ),
  ),
  kept("FAIL-4", "alpha-then-beta", () => bothFail()),
  kept("FAIL-4", "both-back-at-once", () => bothFail(40.5)),
  wrong("FAIL-4 one-alone-does-not-restore broken", /it answered nobody in/, () =>
    bend(bothFail(), (event) => {
      const isEarly = event.t > atNs(45) && event.t < atNs(61);
      return event.type === "ok" && isEarly ? { ...event, type: "info", error: "unavailable" } : event;
    }),
  ),
  wrong("FAIL-4 gamma-acknowledges broken", /a write on its loopback was acknowledged/, () =>
    bothFail().add({ t: atNs(33), type: "quorum", node: "gamma", isAcknowledged: true }),
  ),
  wrong("FAIL-4 somebody-answers broken", /gamma answered operation/, () =>
    bothFail().append({ s: 30.1, process: "client-90", node: "gamma" }),
  ),
  wrong("FAIL-4 gamma-never-asked unknown", /no write was tried/, () =>
    bend(bothFail(), (event) => (event.type === "quorum" ? undefined : event)),
  ),
  kept("FAIL-5", "isolate", () => isolated(3)),
  wrong("FAIL-5 alpha-does-not-stop broken", /it was still active 30 s later|both were active/, () => isolated(31)),
  wrong("FAIL-5 alpha-answers-inside-the-cut broken", /answered operation \d+ of alpha-9/, () =>
    isolated(3).append({ s: 28.1, process: "alpha-9", node: "alpha" }),
  ),
  wrong("FAIL-5 nobody-asked-inside unknown", /no client asked inside alpha/, () =>
    bend(isolated(3), (event) => ("process" in event && event.process.startsWith("alpha-") ? undefined : event)),
  ),
  kept("FAIL-6", "isolate", () => standbyFails("FAIL-6", "gamma", 9)),
  wrong("FAIL-6 beta-takes-over broken", /beta owned the VIP/, () =>
    standbyFails("FAIL-6", "gamma").observe(20, "beta", { ownsVip: true }),
  ),
  kept("FAIL-7", "storage-gone", () => denied("FAIL-7")),
  wrong("FAIL-7 beta-promotes-without-storage broken", /beta never listened while it was unfit/, () =>
    denied7Promotes(),
  ),
  wrong("FAIL-7 watched-too-short unknown", /a takeover needs about/, () => watchedTooShort()),
  kept("FAIL-8", "deny", () => denied("FAIL-8", "deny")),
  kept("FAIL-8", "expired-is-denied-under-warn", () => denied("FAIL-8", "warn", "expired")),
  kept("FAIL-8", "warn", () => denied("FAIL-8", "warn")),
  wrong("FAIL-8 no-warning broken", /its gate said "fine"/, () =>
    bend(denied("FAIL-8", "warn"), (event) =>
      event.type === "gates" ? { ...event, gates: { certificate: { isOpen: true, why: "fine" } } } : event,
    ),
  ),
];

function isolated(stopsAfterS: number): HistoryBuilder {
  return takeover({
    scenario: "fail-5-both",
    entries: ["FAIL-5", "DUAL-0", "DUR-6", "TIME-1"],
    way: "isolate",
    stopsAfterS,
  });
}

/** As under the policy "warn", but the row allows no promotion. */
function denied7Promotes(): HistoryBuilder {
  const builder = denied("FAIL-8", "warn");
  builder.header.entries = ["FAIL-7"];
  return builder;
}

function watchedTooShort(): HistoryBuilder {
  return bend(denied("FAIL-7"), (event) => {
    const isRepair =
      event.type === "fault" && event.nodes[0] === "beta" && (event.phase === "healing" || event.phase === "healed");
    return isRepair ? { ...event, t: event.t - 20e9 } : event;
  });
}

export const cases: readonly Case[] = [
  ...dualActive,
  ...factCases,
  ...failoverTime,
  ...failure,
  ...assumptions,
  ...steadyCases,
  ...durabilityCases,
  ...bootstrapCases,
  ...gateCases,
  ...securityCases,
  ...monitorCases,
  ...recoveryCases,
  ...rebuiltZoneCases,
  ...rotCases,
  ...pairCases,
];

/** The history of a case, and the entry it is about first. */
export function historyOf(one: Case): History {
  const history = one.make().build();
  if (!history.header.entries.includes(one.entry)) history.header.entries.unshift(one.entry);
  return history;
}
