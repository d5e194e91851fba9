// Cases of DUR-4, DUR-5 and DUR-7 to DUR-9: when servers flush, what a power loss of all three takes, and what it costs.

import type { HistoryEvent, OperationEvent } from "#history/event.ts";
import type { HistoryBuilder } from "./builder.ts";
import { atNs } from "./builder.ts";
import { bend, type Case, kept, wrong } from "./case.ts";
import { allLosePower, fullS, type LossStory } from "./durability-stories.ts";

const standard = (story: Partial<LossStory> = {}) => allLosePower({ tier: "standard", lostSinceS: 30, ...story });
const critical = (story: Partial<LossStory> = {}) => allLosePower({ tier: "critical", ...story });

/** Stored messages of facts sent in that time are gone. */
function without(builder: HistoryBuilder, fromS: number, toS: number): HistoryBuilder {
  const gone = new Set(
    builder.events.flatMap((event) =>
      event.type === "invoke" && event.t >= atNs(fromS) && event.t < atNs(toS) ? [event.messageId] : [],
    ),
  );
  return bend(builder, (event) => (event.type === "stored" && gone.has(event.messageId) ? undefined : event));
}

const isMark = (event: HistoryEvent, mark: string) => event.type === "mark" && event.mark === mark;

/** A flush in the middle of the load: what came before it must be safe. */
function flushedAt(builder: HistoryBuilder, s: number): HistoryBuilder {
  return builder.mark(s, "flushed", { beganNs: atNs(s - 0.1), nodes: ["alpha", "beta", "gamma"] });
}

/** The stream is read back with every fact, and the first one that survived differently. */
function altered(builder: HistoryBuilder): HistoryBuilder {
  let isFirst = true;
  return bend(builder, (event) => {
    if (event.type !== "stored" || !isFirst) return event;
    isFirst = false;
    return { ...event, digest: "ffffffff" };
  });
}

/** While the disks were counted, only the last second of calls was answered. */
function withLittleLoad(builder: HistoryBuilder): HistoryBuilder {
  return bend(builder, (event) =>
    event.type === "ok" && event.t > atNs(10.5) && event.t < atNs(16)
      ? { ...event, type: "info", error: "call-timeout" }
      : event,
  );
}

/** Second at which a fact goes out again: long after power is back. */
const againS = 62;

interface SecondTry {
  /** Second of the first one. */
  factS: number;
  ends: "ok" | "info" | "fail";
  /** Stored once more, behind all others, and not at its first place. */
  isAnew: boolean;
}

/** One fact goes out again under its message id after the loss. */
function sentAgain(builder: HistoryBuilder, { factS, ends, isAnew }: SecondTry): HistoryBuilder {
  const calls = builder.events.filter((event) => "op" in event);
  const { op, messageId = "", digest = "" } = calls.find(({ t, type }) => type === "invoke" && t === atNs(factS))!;
  const { offset: first = 0 } = calls.find((event) => event.op === op && event.type === "ok")!;
  const offset = isAnew ? 5_000 : first;
  const call = { op: 90_000, process: "again-0", f: "append" as const };
  builder.add({ t: atNs(againS), type: "invoke", ...call, messageId, digest });
  if (ends === "ok") builder.add({ t: atNs(againS + 0.003), type: "ok", ...call, offset, node: "alpha" });
  else if (ends === "fail") builder.add({ t: atNs(againS), type: "fail", ...call, error: "not-connected" });
  else builder.add({ t: atNs(againS + 1), type: "info", ...call, error: "call-timeout" });
  const audited = bend(builder, (event) =>
    event.type === "stored" && event.messageId === messageId ? undefined : event,
  );
  return audited.add({ t: atNs(againS + 6), type: "stored", offset, messageId, digest });
}

/** The answer to the fact of that second told no offset. */
function withoutOffset(builder: HistoryBuilder, factS: number): HistoryBuilder {
  return bend(builder, (event) => {
    if (event.type !== "ok" || event.t !== atNs(factS + 0.003)) return event;
    const { offset: _, ...rest } = event;
    return rest;
  });
}

/** Nobody led the stream when it was to be read back. */
function notReadBack(builder: HistoryBuilder): HistoryBuilder {
  return bend(builder, (event) => (event.type === "stored" || isMark(event, "audited") ? undefined : event));
}

/** The zone stood still for an hour between the load and the loss. */
function afterAnHour(): HistoryBuilder {
  return bend(standard(), (event) => (event.t < atNs(31) ? { ...event, t: event.t - 3_600e9 } : event));
}

const losses: Case[] = [
  kept("DUR-7", "critical", () => critical()),
  wrong("DUR-7 the-tail-is-gone broken", /48 of \d+ acknowledged facts not in the stream/, () =>
    critical({ lostSinceS: 30 }),
  ),
  wrong("DUR-7 one-in-the-middle-is-gone broken", /1 of \d+ acknowledged facts not in/, () =>
    without(critical(), 30, 30.2),
  ),
  wrong("DUR-7 came-back-altered broken", /was read back with another payload/, () => altered(critical())),
  wrong("DUR-7 lost-after-power-was-back broken", /acknowledged after the loss are gone/, () =>
    without(critical(), 60, 60.2),
  ),
  wrong("DUR-7 lost-and-sent-again broken", /1 of \d+ acknowledged facts not in the stream .* 1 stored anew/, () =>
    sentAgain(critical(), { factS: 30, ends: "ok", isAnew: true }),
  ),
  wrong(
    "DUR-7 lost-and-sent-again-in-doubt broken",
    /1 of \d+ acknowledged facts not in the stream .* 1 stored anew/,
    () => sentAgain(critical(), { factS: 30, ends: "info", isAnew: true }),
  ),
  wrong("DUR-7 elsewhere-and-certainly-not-sent-again broken", /was read back at offset 5000, not 97/, () =>
    sentAgain(critical(), { factS: 30, ends: "fail", isAnew: true }),
  ),
  kept("DUR-7", "sent-again-and-recognised", () => sentAgain(critical(), { factS: 30, ends: "ok", isAnew: false })),
  kept("DUR-7", "sent-again-and-first-told-no-offset", () =>
    withoutOffset(sentAgain(critical(), { factS: 30, ends: "ok", isAnew: true }), 30),
  ),
  wrong("DUR-7 not-one-instant unknown", /the last disk went 11\.2 ms after the cut/, () =>
    critical({ spreadMs: 11.2 }),
  ),
  wrong("DUR-7 not-one-instant-and-the-tail-is-gone unknown", /the last disk went 11\.2 ms after the cut/, () =>
    critical({ spreadMs: 11.2, lostSinceS: 30 }),
  ),
  wrong("DUR-7 never-read-back unknown", /it was not, so it is not known/, () => notReadBack(critical())),
  wrong("DUR-8 never-read-back unknown", /it was not, so it is not known/, () => notReadBack(standard())),
  wrong("DUR-7 too-little-load unknown", /facts a second were acknowledged/, () => {
    const builder = critical();
    builder.header.bounds["lossFactsPerS"] = 500;
    return builder;
  }),
  wrong("DUR-7 other-tier unknown", /the zone ran in the standard tier/, () => {
    const builder = critical();
    builder.header.zone.spec["tier"] = "standard";
    return builder;
  }),
  kept("DUR-8", "the-tail-is-lost", () => standard()),
  wrong("DUR-8 nothing-is-lost unknown", /all \d+ acknowledged facts were read back/, () =>
    allLosePower({ tier: "standard" }),
  ),
  wrong("DUR-8 older-ones-are-lost-too broken", /1 lost fact before offset \d+, which was read back/, () =>
    without(standard(), 25, 25.2),
  ),
  wrong("DUR-8 an-older-one-is-lost-and-sent-again broken", /1 lost fact before offset 96, which was read back/, () =>
    sentAgain(standard(), { factS: 25, ends: "ok", isAnew: true }),
  ),
  wrong(
    "DUR-8 the-newest-survived-and-was-sent-again broken",
    /47 lost facts before offset 144, which was read back/,
    () => sentAgain(without(allLosePower({ tier: "standard" }), 30, 41.7), { factS: 41.75, ends: "ok", isAnew: false }),
  ),
  {
    ...kept("DUR-8", "one-of-the-tail-is-sent-again", () =>
      sentAgain(standard(), { factS: 35, ends: "ok", isAnew: true }),
    ),
    because: /^48 lost of 144 acknowledged/,
  },
  kept("DUR-8", "one-of-the-tail-is-sent-again-in-doubt", () =>
    sentAgain(standard(), { factS: 35, ends: "info", isAnew: true }),
  ),
  wrong("DUR-8 lost-although-flushed broken", /before the flush; claimed was/, () => flushedAt(standard(), 38)),
  wrong("DUR-8 older-than-the-interval broken", /had been acknowledged 36\d\d\S* s before/, () => afterAnHour()),
  wrong("DUR-8 never-flushed unknown", /the disks were not flushed before/, () =>
    bend(standard(), (event) => (isMark(event, "flushed") ? undefined : event)),
  ),
];

const settings: Case[] = [
  kept("DUR-4", "default-interval", () => standard()),
  wrong("DUR-4 another-interval broken", /the server of alpha flushes every 10 s/, () =>
    standard({ syncIntervalS: 10 }),
  ),
  wrong("DUR-4 flushes-always broken", /the server of alpha flushes always/, () => standard({ syncAlways: true })),
  wrong("DUR-4 says-one-thing-and-does-another broken", /27 flushes for/, () => standard({ flushes: 27 })),
  wrong("DUR-4 nobody-asked unknown", /the server of alpha did not answer/, () =>
    bend(standard(), (event) => (event.type === "server" ? undefined : event)),
  ),
  wrong("DUR-4 hardly-any-load unknown", /4 bursts of 4 facts were acknowledged/, () =>
    withLittleLoad(standard({ flushes: 4 })),
  ),
  kept("DUR-5", "always", () => critical()),
  wrong("DUR-5 hardly-any-load unknown", /4 bursts of 4 facts were acknowledged/, () =>
    withLittleLoad(critical({ flushes: 4 })),
  ),
  wrong("DUR-5 default-interval broken", /the server of alpha is not/, () => critical({ syncAlways: false })),
  wrong("DUR-5 says-so-and-does-not broken", /alpha 2, beta 2, gamma 2 flushes/, () => critical({ flushes: 2 })),
  wrong("DUR-5 not-counted unknown", /flushes of the disks were not counted/, () =>
    bend(critical(), (event) => (isMark(event, "disks") ? undefined : event)),
  ),
];

type End = (ok: OperationEvent) => OperationEvent | undefined;

/** The first `count` appends from that second on end otherwise or not at all, each by a client of its own, which may wait. */
function ended(builder: HistoryBuilder, fromS: number, of: { count: number; end: End }): HistoryBuilder {
  const calls = builder.events.filter((event) => "op" in event);
  const sent = calls.filter(({ type, t }) => type === "invoke" && t >= atNs(fromS)).sort((a, b) => a.t - b.t);
  const ops = sent.slice(0, of.count).map(({ op }) => op);
  return bend(builder, (event) => {
    if (!("op" in event) || !ops.includes(event.op)) return event;
    const call = { ...event, process: `slow-${event.op}` };
    return call.type === "ok" ? of.end(call) : call;
  });
}

const unanswered = ({ offset: _, node: __, ...call }: OperationEvent): OperationEvent => ({ ...call, type: "info" });
const timesOut: End = (ok) => ({ ...unanswered(ok), t: ok.t + 0.997e9, error: "call-timeout" });
const isRefused: End = (ok) => ({ ...unanswered(ok), error: "rpc-unavailable" });
const answersAfterMs =
  (ms: number): End =>
  (ok) => ({ ...ok, t: ok.t + (ms - 3) * 1e6 });

/** 172 calls at full load, the slowest answered after 40 ms. */
const manyCalls = () => ended(critical({ clients: 2 }), 25, { count: 1, end: answersAfterMs(40) });

const prices: Case[] = [
  kept("DUR-9", "critical", () => critical()),
  kept("DUR-9", "standard", () => standard()),
  {
    ...kept("DUR-9", "one-call-of-many-times-out", () => ended(manyCalls(), 30, { count: 1, end: timesOut })),
    because: /p99 40 ms, 1 of 172 calls unanswered/,
  },
  {
    ...kept("DUR-9", "one-call-of-many-is-refused", () => ended(manyCalls(), 30, { count: 1, end: isRefused })),
    because: /p99 40 ms, 1 of 172 calls unanswered/,
  },
  {
    ...kept("DUR-9", "cut-off-by-the-end", () => ended(critical(), 40.75, { count: 2, end: answersAfterMs(900) })),
    because: /p99 3 ms, 0 of 84 calls unanswered/,
  },
  wrong("DUR-9 calls-time-out unknown", /2 of 86 calls at full load were not answered/, () =>
    ended(critical(), 30, { count: 2, end: timesOut }),
  ),
  wrong("DUR-9 calls-are-refused unknown", /2 of 86 calls at full load were not answered/, () =>
    ended(critical(), 30, { count: 2, end: isRefused }),
  ),
  wrong("DUR-9 calls-stay-open unknown", /2 of 86 calls at full load were not answered/, () =>
    ended(critical(), 30, { count: 2, end: () => undefined }),
  ),
  wrong("DUR-9 calls-are-answered-too-late unknown", /2 of 86 calls at full load were not answered/, () =>
    ended(critical(), 38, { count: 2, end: answersAfterMs(3_500) }),
  ),
  wrong("DUR-9 of-the-other-tier broken", /the server of alpha does not flush always/, () =>
    critical({ syncAlways: false, flushes: 2 }),
  ),
  wrong("DUR-9 never-full unknown", /the load was never full/, () =>
    bend(critical(), (event) => (isMark(event, "paced") && event.t === atNs(fullS) ? undefined : event)),
  ),
  wrong("DUR-9 too-few-answers unknown", /\d+ facts were acknowledged at full load/, () => {
    const builder = critical();
    builder.header.bounds["priceAnswersMin"] = 1_000;
    return builder;
  }),
];

const uneven = (story: Partial<LossStory> = {}) => {
  const builder = standard({ isUneven: true, ...story });
  builder.header.entries = ["LOSS-1", "DUAL-0"];
  return builder;
};

const unevenLosses: Case[] = [
  kept("LOSS-1", "uneven", () => uneven()),
  wrong("LOSS-1 lost-after-power-was-back broken", /1 of \d+ facts acknowledged after the loss are gone/, () =>
    without(uneven(), 60, 60.2),
  ),
  wrong("LOSS-1 flushed-together unknown", /0 nodes were flushed by themselves/, () => uneven({ isUneven: false })),
  wrong("LOSS-1 never-read-back unknown", /it was not, so it is not known/, () => notReadBack(uneven())),
  wrong("LOSS-1 nobody-served-again unknown", /nothing was acknowledged any more/, () =>
    bend(uneven(), (event) =>
      event.type === "ok" && event.t > atNs(45) ? { ...event, type: "info", error: "call-timeout" } : event,
    ),
  ),
];

export const durabilityCases: readonly Case[] = [...losses, ...settings, ...prices, ...unevenLosses];
