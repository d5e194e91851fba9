// Step "await-monitors". A monitor that does not get there in time is a finding about the monitor: the mark says so and
// the checkers judge by the events.

import { elapsedMs, nowNs } from "#base/clock.ts";
import type { MonitorName, MonitorState } from "#spec/monitor.ts";
import type { StepOf } from "#spec/steps.ts";
import { isTimeout } from "#scenario/mark-outcome.ts";
import type { StepContext } from "#scenario/step-context.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Waits until each of these monitors has that state; needs `monitors`. */
    "await-monitors": { monitors: MonitorName[]; state: MonitorState; deadlineMs: number };
  }
}

/** Marks `monitors`. */
export async function awaitMonitors({ history, signal }: StepContext, step: StepOf<"await-monitors">): Promise<void> {
  const { monitors, state, deadlineMs } = step;
  const lacking = () => monitors.filter((name) => history.lastMonitor(name)?.state !== state);
  const startNs = nowNs();
  try {
    while (lacking().length > 0)
      await history.next((event) => event.type === "monitor", {
        what: `${monitors.join(", ")} to be ${state}`,
        deadlineMs: Math.max(0, deadlineMs - elapsedMs(startNs)),
        signal,
      });
    history.mark("monitors", { monitors, state });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    const words = lacking().map((name) => `${name}: ${history.lastMonitor(name)?.why ?? "never reported"}`);
    history.mark("monitors", { monitors, state, isTimedOut: true, saw: words.join("; ") });
  }
}
