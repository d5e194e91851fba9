// From a watched zone under load to the state in which every scenario begins.

import { HarnessError } from "#base/errors.ts";
import type { HistoryEvent } from "#history/event.ts";
import { beginAtAlpha } from "./hand-back.ts";
import { untilSteady } from "./membership.ts";
import type { StepContext } from "./step-context.ts";

const answerDeadlineMs = 60_000;
const steadyDeadlineMs = 30_000;

/**
 * Waits until the zone answers, alpha is active and beta is its standby.
 *
 * @param isColdStart the start is part of the scenario: the service stays where it was elected.
 * @returns null once the zone is steady, else the error that says what it lacks.
 */
export async function becomeSteady(context: StepContext, isColdStart: boolean): Promise<HarnessError | null> {
  const { history, signal } = context;
  const isOk = (event: HistoryEvent) => event.type === "ok" && event.f === "append";
  try {
    const options = { what: "the first answer through the VIP", deadlineMs: answerDeadlineMs, signal };
    await history.next(isOk, options);
  } catch (error) {
    if (signal.aborted) throw error;
    return new HarnessError("zone/not-ready", HarnessError.from(error).message);
  }
  history.mark("zone-ready");
  if (!isColdStart) await beginAtAlpha(context);
  try {
    await untilSteady(context, steadyDeadlineMs);
    return null;
  } catch (error) {
    if (error instanceof HarnessError && error.code === "zone/not-ready") return error;
    throw error;
  }
}
