// Waits, with no load running, until both zones of a pair hold as many facts and no more come.

import { type Look, pollUntil } from "#base/poll.ts";
import { markOutcome } from "./mark-outcome.ts";
import { peerOf, type StepContext } from "./step-context.ts";
import { countFacts } from "./streams.ts";

/** A backlog of a minute's load, and a peer that was just lost. */
const exchangeDeadlineMs = 45_000;
/** Ten times the pause between two pages. */
const exchangeLookMs = 1_000;

/** Marks `exchanged`. */
export function untilExchanged(context: StepContext): Promise<void> {
  let before = "";
  const look = async (): Promise<Look<true>> => {
    const counts = await Promise.all([countFacts(context), countFacts(peerOf(context))]);
    const saw = `${counts.join(" and ")} facts`;
    const isSettled = counts[0] === counts[1] && counts[0] !== undefined && saw === before;
    before = saw;
    return isSettled ? { done: true } : { saw };
  };
  const options = {
    what: "both zones to hold the same facts",
    deadlineMs: exchangeDeadlineMs,
    intervalMs: exchangeLookMs,
    signal: context.signal,
  };
  return markOutcome(
    () => pollUntil(look, options),
    (end) => context.history.mark("exchanged", end),
  );
}
