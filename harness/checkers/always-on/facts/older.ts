// What the zone held before the scenario: it is read whole at the start and at the end, and no server ever counts fewer
// messages than one did before. Limits of the stream could drop it, and so could a node that lost its store.

import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import type { OlderEvent } from "#history/event.ts";
import { counted } from "#checkers/checker.ts";
import { loadEndNs } from "#checkers/queries/history-queries.ts";
import type { Audit } from "./audit.ts";
import { collects } from "#checkers/queries/evidence.ts";
import { nodeOf } from "#checkers/queries/judged-node.ts";

interface Judged {
  verdict: "broken" | "unknown";
  because: string;
  events: number[];
}

/** Undefined when the older part is as it was. */
export function wrongOlder(view: HistoryView, audit: Audit): Judged | undefined {
  return fewerCounted(view) ?? gapCounted(view, audit) ?? alteredOlder(view);
}

/** By the answers of the streams' leaders. */
function fewerCounted(view: HistoryView): Judged | undefined {
  const factStream = nodeOf(view).streams.facts;
  let most = { messages: -1, index: -1 };
  for (const { event, index } of eventsOf(view.history, "stream")) {
    if (event.stream !== factStream || event.error || event.leader === null) continue;
    if (event.messages < most.messages) {
      const fewer = counted(most.messages - event.messages, "message");
      return { verdict: "broken", because: `the stream lost ${fewer} that it had held`, events: [most.index, index] };
    }
    most = { messages: event.messages, index };
  }
  return undefined;
}

/**
 * Offsets follow each other without a gap, from 1 on. So a stream holds as many messages as its last offset says. In
 * 200 histories of right zones both numbers were equal.
 */
function gapCounted(view: HistoryView, { lastOffset }: Audit): Judged | undefined {
  const factStream = nodeOf(view).streams.facts;
  const last = eventsOf(view.history, "stream").findLast(
    ({ event }) => event.stream === factStream && !event.error && event.leader !== null && event.t > loadEndNs(view),
  );
  if (!last || last.event.messages >= lastOffset) return undefined;
  const because = `the stream holds ${counted(last.event.messages, "message")} although its last offset is ${lastOffset}`;
  return { verdict: "broken", because, events: [last.index] };
}

function alteredOlder(view: HistoryView): Judged | undefined {
  const factStream = nodeOf(view).streams.facts;
  const reads = eventsOf(view.history, "older").filter(({ event }) => event.stream === factStream);
  const labelled = (label: OlderEvent["label"]) => reads.find(({ event }) => event.label === label);
  const [start, end] = [labelled("start"), labelled("end")];
  if (start && end && isRead(start) && isRead(end)) {
    const events = [start.index, end.index];
    const [before, after] = [start.event, end.event];
    if (before.upTo !== after.upTo) return unknown("what the zone held before was not read up to one offset");
    if (after.messages < before.messages) {
      const because = `${before.messages - after.messages} of ${counted(before.messages, "message")} from before the scenario are gone`;
      return { verdict: "broken", because, events };
    }
    if (after.digest === before.digest) return undefined;
    const because = `what the zone held before the scenario (${counted(before.messages, "message")}) is altered`;
    return { verdict: "broken", because, events };
  }
  if (!collects(view, "older-facts")) return undefined;
  const why = [start, end].find((one) => one?.event.error)?.event.error;
  return unknown(`what the zone held before was not read at both ends${why ? `: ${why}` : ""}`);
}

const isRead = ({ event }: At<OlderEvent>) => event.error === undefined;
const unknown = (because: string): Judged => ({ verdict: "unknown", because, events: [] });
