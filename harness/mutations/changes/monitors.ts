// Wrong monitors: one that does not turn red, turns red late, stays red, or is red without a reason.

import type { MonitorEvent } from "#history/event.ts";
import { monitorNames, type MonitorName, monitorSpecs } from "#spec/monitor.ts";
import { type Change, nsPerS, type Variant } from "../change.ts";
import type { Scene } from "../scene.ts";

interface Alarm {
  monitor: MonitorName;
  /** The scenario waited for it to be red, and later for it to be green. */
  red: { event: MonitorEvent; index: number };
  green: { event: MonitorEvent; index: number } | undefined;
  at: string;
}

/** Alarms that the scenario asked for. */
function alarmsOf(scene: Scene): Alarm[] {
  return scene.marks("monitors").flatMap(({ event, index }) => {
    if (event.detail.state !== "red") return [];
    return event.detail.monitors.flatMap((monitor): Alarm[] => {
      const own = scene.of("monitor").filter((one) => one.event.monitor === monitor);
      const red = own.findLast((one) => one.index < index && one.event.state === "red");
      const green = own.find((one) => one.index > index && one.event.state === "green");
      return red ? [{ monitor, red, green, at: `${monitor}, ${scene.second(red.event.t)}` }] : [];
    });
  });
}

function ofEachAlarm(
  name: string,
  says: string,
  variant: (scene: Scene, alarm: Alarm) => Omit<Variant, "at"> | undefined,
): Change {
  return {
    name,
    kind: "monitors",
    says,
    turns: [],
    variants: (scene) =>
      alarmsOf(scene).flatMap((alarm): Variant[] => {
        const made = variant(scene, alarm);
        return made ? [{ at: alarm.at, turns: [alarm.monitor], ...made }] : [];
      }),
  };
}

/** It stays in the state that it had before. */
const neverRed = ofEachAlarm(
  "monitor-never-red",
  "a monitor does not turn red under its condition",
  (scene, alarm) => ({
    events: () =>
      scene.edited((event, index) => {
        if (index === alarm.red.index) return undefined;
        return alarm.green && index === alarm.green.index ? undefined : event;
      }),
  }),
);

const lateRed = ofEachAlarm(
  "monitor-red-late",
  "a monitor turns red only shortly before its condition ends",
  (scene, alarm) => {
    if (!alarm.green) return undefined;
    const t = alarm.green.event.t - 1e6;
    const { redMs } = monitorSpecs[alarm.monitor];
    return t - alarm.red.event.t < redMs * 1e6
      ? undefined
      : { events: () => scene.replaced(alarm.red.index, [{ ...alarm.red.event, t }]) };
  },
);

const neverGreen = ofEachAlarm(
  "monitor-never-green-again",
  "a monitor stays red after its condition has ended",
  (scene, alarm) => ({
    events: () =>
      scene.editedOf("monitor", (event, index) =>
        event.monitor === alarm.monitor && index > alarm.red.index ? undefined : event,
      ),
  }),
);

/** In quiet times: before the first fault, and at the end. */
function withoutReason(name: string, says: string, state: "red" | "gone"): Change {
  return {
    name,
    kind: "monitors",
    says,
    turns: [],
    variants: (scene) =>
      monitorNames.flatMap((monitor): Variant[] => {
        const own = scene.of("monitor").filter(({ event }) => event.monitor === monitor);
        const t = scene.calmUntilNs - 1.5 * nsPerS;
        if (own.findLast(({ event }) => event.t < t)?.event.state !== "green") return [];
        const alarm = { t, type: "monitor", monitor, state, why: "no reason" } as const;
        const end = { ...alarm, t: t + nsPerS, state: "green" } as const;
        return [{ at: `${monitor}, before the first fault`, turns: [monitor], events: () => scene.with(alarm, end) }];
      }),
  };
}

export const monitorChanges: readonly Change[] = [
  neverRed,
  lateRed,
  neverGreen,
  withoutReason("monitor-red-without-reason", "a monitor is red for a second while the zone is well", "red"),
  withoutReason("monitor-gone-without-reason", "a monitor gets no data for a second while the zone is well", "gone"),
];
