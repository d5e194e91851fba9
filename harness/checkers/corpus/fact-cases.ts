// Right and wrong histories of facts: what was acknowledged, stored, fetched and confirmed. The verdict of each is DUR-6's.

import type { HistoryEvent } from "#history/event.ts";
import { atNs, type HistoryBuilder } from "./builder.ts";
import { bend, type Case, kept, wrong } from "./case.ts";
import { takeover } from "./stories.ts";

type StoredOrOk = Extract<HistoryEvent, { type: "stored" }>;

/** Drops stored messages; `pick` sees their place among all of them. */
function dropStored(builder: HistoryBuilder, pick: (place: number, of: number) => boolean): HistoryBuilder {
  const stored = builder.events.filter((event): event is StoredOrOk => event.type === "stored");
  const gone = new Set(stored.filter((_, place) => pick(place, stored.length)));
  builder.events = builder.events.filter((event) => !gone.has(event as StoredOrOk));
  return builder;
}

const firstStored = (events: readonly HistoryEvent[]) =>
  events.find((event): event is StoredOrOk => event.type === "stored")!;

export const factCases: readonly Case[] = [
  kept("DUR-6", "kill", () => takeover()),
  kept("DUR-6", "retry-gives-the-same-offset", () => retried()),
  kept("DUR-6", "timed-out-fact-is-stored", () => timedOutStored()),
  wrong("DUR-6 lost-tail broken", /2 of \d+ acknowledged facts not in the stream/, () =>
    dropStored(takeover(), (place, of) => place >= of - 2),
  ),
  wrong("DUR-6 lost-prefix broken", /not in the stream/, () => dropStored(takeover(), (place) => place < 3)),
  wrong("DUR-6 lost-one-in-the-middle broken", /1 of/, () => dropStored(takeover(), (place) => place === 20)),
  wrong("DUR-6 altered broken", /another payload/, () => {
    const builder = takeover();
    const victim = firstStored(builder.events);
    return bend(builder, (event) => (event === victim ? { ...victim, digest: "ffffffff" } : event));
  }),
  wrong("DUR-6 stored-twice broken", /stored twice/, () => {
    const builder = takeover();
    return builder.add({ ...firstStored(builder.events), offset: 9_000 });
  }),
  kept("DUR-6", "repeated-after-the-failover", () => repeatedAt(30)),
  wrong("DUR-6 repeated-and-stored-anew broken", /stored twice \(first m-00001\)/, () =>
    repeatedAt(30, 9_000).add({ t: atNs(58), type: "stored", offset: 9_000, messageId: "m-00001", digest: "00000001" }),
  ),
  wrong("DUR-6 repeated-with-another-offset broken", /not at the offset that was answered \(first m-00001\)/, () =>
    repeatedAt(30, 9_000),
  ),
  wrong("DUR-6 reordered broken", /1 fact out of order \(first m-00012 at 11, sent after 12 was/, () =>
    swapped(11, 12),
  ),
  wrong("DUR-6 one-offset-for-two broken", /1 offset answered for two facts \(first m-00003 and m-00004 at 3\)/, () => {
    const builder = bend(takeover(), (event) =>
      event.type === "ok" && event.op === 4 ? { ...event, offset: 3 } : event,
    );
    return bend(builder, (event) => (event.type === "mark" && event.mark === "audited" ? undefined : event));
  }),
  wrong("DUR-6 two-readings-differ broken", /two messages at 1 offset \(first offset 1\)/, () => {
    const builder = takeover();
    return builder.add({ ...firstStored(builder.events), messageId: "m-09999" });
  }),
  kept("DUR-6", "read-and-confirmed", () => readAndConfirmed()),
  kept("DUR-6", "confirmation-in-doubt", () => readAndConfirmed({ doubt: true })),
  wrong("DUR-6 cursor-forgotten broken", /went back 1 time \(first client-reader was served 1 after 10 was/, () =>
    readAndConfirmed({ after: 0 }),
  ),
  wrong("DUR-6 confirmed-and-moved-back broken", /client-reader stood at 4 after 10 was confirmed/, () =>
    readAndConfirmed({ confirmedAt: 4 }),
  ),
  wrong("DUR-6 page-with-a-gap broken", /1 gap in pages that were fetched \(first 12 is missing/, () =>
    readAndConfirmed({ page: [11, 13, 14] }),
  ),
  wrong("DUR-6 page-jumps broken", /1 gap in pages that were fetched \(first 11 is missing/, () =>
    readAndConfirmed({ after: 14 }),
  ),
  wrong("DUR-6 page-repeats-a-fact broken", /fetched twice or out of order \(first 12 after 12/, () =>
    readAndConfirmed({ page: [11, 12, 12, 13] }),
  ),
  wrong("DUR-6 fetched-altered broken", /fetched with another payload \(first the fact at 11/, () =>
    readAndConfirmed({ digest: "ffffffff" }),
  ),
  kept("DUR-6", "read-back-while-a-node-is-lost", () => readBackAt(30)),
  wrong("DUR-6 lost-after-a-read-back broken", /1 of \d+ acknowledged/, () =>
    dropStored(readBackAt(30), (place) => place === 10),
  ),
  wrong("DUR-6 not-readable-while-a-node-is-lost broken", /could not be read back/, () =>
    takeover().mark(30, "read-back", { isReadable: false, saw: "no answer" }),
  ),
  wrong("DUR-6 never-audited unknown", /never reached "audited"/, () =>
    bend(takeover(), (event) => (event.type === "mark" && event.mark === "audited" ? undefined : event)),
  ),
  wrong("DUR-6 audit-cut-short unknown", /the audit read 9000 messages/, () =>
    bend(takeover(), (event) =>
      event.type === "mark" && event.mark === "audited" ? { ...event, detail: { messages: 9_000 } } : event,
    ),
  ),
];

/** The first fact is sent again to whoever took over, which answers with its offset. */
function repeatedAt(s: number, offset = 1): HistoryBuilder {
  const call = { op: 90_000, process: "client-50", f: "append" as const, messageId: "m-00001", digest: "00000001" };
  return takeover()
    .add({ t: atNs(s), type: "invoke", ...call })
    .add({ t: atNs(s + 0.003), type: "ok", ...call, offset, node: "beta" });
}

/** Two facts, sent one after the other, at each other's offsets: answered so and stored so. */
function swapped(a: number, b: number): HistoryBuilder {
  const other = (offset: number | undefined) => (offset === a ? b : offset === b ? a : offset);
  return bend(takeover(), (event) =>
    (event.type === "ok" && event.f === "append") || event.type === "stored"
      ? ({ ...event, offset: other(event.offset) } as typeof event)
      : event,
  );
}

interface Reading {
  /** The page after the failover begins behind this; 10 is what was confirmed. */
  after?: number;
  page?: number[];
  digest?: string;
  /** The answer to the second confirmation. */
  confirmedAt?: number;
  /** The first confirmation times out, and counts. */
  doubt?: boolean;
}

/** A reader confirms ten facts before the failover, and reads on after it. */
function readAndConfirmed(reading: Reading = {}): HistoryBuilder {
  const { after = 10, confirmedAt = 20, doubt = false } = reading;
  const offsets = reading.page ?? Array.from({ length: 10 }, (_, place) => after + place + 1);
  const digestAt = (offset: number) => offset.toString(16).padStart(8, "0");
  const page = offsets.map((offset) => ({ offset, digest: reading.digest ?? digestAt(offset) }));
  const call = (op: number, f: "fetch" | "confirm") => ({ op, f, process: "client-reader" });
  const builder = takeover()
    .add({ t: atNs(11), type: "invoke", ...call(90_001, "confirm"), offset: 10 })
    .add({ t: atNs(30), type: "invoke", ...call(90_002, "fetch") })
    .add({ t: atNs(30.01), type: "ok", ...call(90_002, "fetch"), offset: offsets.at(-1)!, page, node: "beta" })
    .add({ t: atNs(30.1), type: "invoke", ...call(90_003, "confirm"), offset: Math.min(20, confirmedAt) })
    .add({ t: atNs(30.11), type: "ok", ...call(90_003, "confirm"), offset: confirmedAt, node: "beta" });
  const end = { t: atNs(doubt ? 12 : 11.01), ...call(90_001, "confirm"), offset: 10 };
  return builder.add(doubt ? { ...end, type: "info", error: "call-timeout" } : { ...end, type: "ok", node: "alpha" });
}

/** The facts so far are read while Alpha is down, and all of them again at the end. */
function readBackAt(s: number): HistoryBuilder {
  const builder = takeover();
  const before = builder.events.flatMap((one) => (one.type === "ok" && one.t < atNs(s) ? one.offset : []));
  const stored = builder.events.filter((one): one is StoredOrOk => one.type === "stored");
  for (const one of stored) if (before.includes(one.offset)) builder.add({ ...one, t: atNs(s) });
  return builder.mark(s + 0.1, "read-back", { isReadable: true });
}

/** A client that timed out sends the same fact again and gets the offset of the first try. */
function retried(): HistoryBuilder {
  const builder = takeover();
  const { messageId, digest, offset } = firstStored(builder.events);
  const call = { op: 90_000, process: "client-50", f: "append" as const };
  builder.add({ t: atNs(11), type: "invoke", ...call, messageId, digest });
  return builder.add({ t: atNs(11.003), type: "ok", ...call, messageId, offset, node: "alpha" });
}

function timedOutStored(): HistoryBuilder {
  const builder = takeover();
  const invoke = builder.events.find((event) => event.type === "invoke" && event.t > atNs(13));
  const { messageId = "", digest = "" } = invoke as { messageId?: string; digest?: string };
  return builder.add({ t: atNs(58), type: "stored", offset: 9_000, messageId, digest });
}
