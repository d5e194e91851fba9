// Step "await-monitors". A monitor that does not get there in time is a finding about the monitor, not trouble: the
// mark says so and the checkers judge by the events.

import { nowNs, elapsedMs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import type { Step } from "#spec/scenario.ts";
import type { StepContext } from "../step-context.ts";

type AwaitStep = Extract<Step, { step: "await-monitors" }>;

export async function awaitMonitors({ feed, signal }: StepContext, step: AwaitStep): Promise<void> {
  const { monitors, state, deadlineMs } = step;
  const lacking = () => monitors.filter((name) => feed.lastMonitor(name)?.state !== state);
  const startNs = nowNs();
  const words = () => lacking().map((name) => `${name}: ${feed.lastMonitor(name)?.why ?? "never told"}`);
  try {
    while (lacking().length > 0)
      await feed.next((event) => event.type === "monitor", {
        what: `${monitors.join(", ")} to be ${state}`,
        deadlineMs: Math.max(0, deadlineMs - elapsedMs(startNs)),
        signal,
      });
    feed.mark("monitors", { monitors, state });
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== "wait/timeout") throw error;
    feed.mark("monitors", { monitors, state, isTimedOut: true, saw: words().join("; ") });
  }
}
