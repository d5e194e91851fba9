// Corpus cases of MON-1 to MON-11: the right stories, and each bent so that one monitor is late, silent or red for nothing.

import type { HistoryEvent, MonitorEvent } from "#history/event.ts";
import type { MonitorName } from "#spec/monitor.ts";
import { atNs, type HistoryBuilder } from "./builder.ts";
import { type Case, crowded } from "./case.ts";
import { exchangeStory, rolesStory, serversStory, serviceStory } from "./monitor-stories.ts";

const stories: Record<MonitorName, () => HistoryBuilder> = {
  "MON-1": rolesStory,
  "MON-2": rolesStory,
  "MON-3": serviceStory,
  "MON-4": serviceStory,
  "MON-5": serviceStory,
  "MON-6": () => serversStory(),
  "MON-7": () => serversStory(),
  "MON-8": () => serversStory(),
  "MON-9": rolesStory,
  "MON-10": serviceStory,
  "MON-11": exchangeStory,
};

/** Changes what a monitor tells; undefined: it never told it. */
type Change = (event: MonitorEvent) => HistoryEvent | undefined;

function bent(name: MonitorName, change: Change): HistoryBuilder {
  const builder = stories[name]();
  builder.events = builder.events.flatMap((event) =>
    event.type === "monitor" && event.monitor === name ? (change(event) ?? []) : event,
  );
  return builder;
}

function onBusyMachine(name: MonitorName, change: Change, tasks = 9) {
  return crowded(bent(name, change).looks(2, 43), tasks);
}

const kept = (entry: MonitorName, name: string): Case => ({ entry, name, verdict: "kept", make: stories[entry] });

/** It never leaves green. */
const silent = (entry: MonitorName): Case => ({
  entry,
  name: "stays-green",
  verdict: "broken",
  because: /it was green all the while/,
  make: () => bent(entry, (event) => (event.state === "green" && event.t < atNs(10) ? event : undefined)),
});

const wrong = (at: `${MonitorName} ${string} ${"broken" | "unknown"}`, because: RegExp, change: Change): Case => {
  const [entry, name, verdict] = at.split(" ") as [MonitorName, string, "broken" | "unknown"];
  return { entry, name, verdict, because, make: () => bent(entry, change) };
};

const laterBy = (s: number, event: MonitorEvent): MonitorEvent => ({ ...event, t: event.t + s * 1e9 });

export const monitorCases: readonly Case[] = [
  kept("MON-1", "two-failovers"),
  kept("MON-2", "two-failovers"),
  kept("MON-3", "controller-frozen"),
  kept("MON-4", "wildcard-on-beta"),
  kept("MON-5", "controller-on-beta"),
  kept("MON-6", "down-then-gone"),
  { entry: "MON-6", name: "frozen-then-gone", verdict: "kept", make: () => serversStory("process-freeze") },
  kept("MON-7", "gamma-lost"),
  kept("MON-8", "two-lost"),
  kept("MON-9", "storage-gone"),
  kept("MON-10", "short-certificate"),
  kept("MON-11", "peer-cut-off"),
  silent("MON-1"),
  silent("MON-2"),
  silent("MON-4"),
  silent("MON-6"),
  silent("MON-7"),
  silent("MON-9"),
  silent("MON-11"),
  wrong("MON-11 late broken", /it took 5200 ms/, (event) => (event.state === "red" ? laterBy(4, event) : event)),
  wrong("MON-11 red-at-once broken", /while the zone was well/, (event) =>
    event.state === "red" ? { ...event, t: atNs(13) } : event,
  ),
  wrong("MON-11 green-comes-late broken", /it was red for 17800 ms/, (event) =>
    event.state === "green" && event.t > atNs(30) ? laterBy(10, event) : event,
  ),
  wrong("MON-3 red-in-the-steady-state broken", /while the zone was well/, (event) =>
    event.t < atNs(10) ? { ...event, state: "red", why: "no answer" } : event,
  ),
  wrong("MON-5 late broken", /it took 6000 ms/, (event) => (event.state === "red" ? { ...event, t: atNs(26) } : event)),
  {
    entry: "MON-5",
    name: "late-on-a-crowded-machine",
    verdict: "unknown",
    because: /it took 6000 ms, and the machine was crowded/,
    make: () => onBusyMachine("MON-5", (event) => (event.state === "red" ? { ...event, t: atNs(26) } : event)),
  },
  {
    entry: "MON-10",
    name: "green-later-than-a-crowd-explains",
    verdict: "broken",
    because: /it took 24\d{3} ms/,
    make: () => onBusyMachine("MON-10", (event) => (event.t > atNs(18) ? laterBy(24, event) : event), 5.5),
  },
  {
    entry: "MON-8",
    name: "green-late-on-a-crowded-machine",
    verdict: "unknown",
    because: /, and the machine was crowded/,
    make: () =>
      onBusyMachine("MON-8", (event) => (event.state === "green" && event.t > atNs(10) ? laterBy(9, event) : event)),
  },
  wrong("MON-8 green-comes-late broken", /it was red for 16000 ms/, (event) =>
    event.state === "green" && event.t > atNs(10) ? laterBy(9, event) : event,
  ),
  wrong("MON-10 false-alarm broken", /it was red for 3\d{3} ms/, (event) =>
    event.t > atNs(10) ? laterBy(16, event) : event,
  ),
  wrong("MON-9 gone-in-the-steady-state broken", /it was gone/, (event) =>
    event.t < atNs(10) ? { ...event, state: "gone", why: "nobody looks" } : event,
  ),
  wrong("MON-6 never-told unknown", /no monitor ran/, () => undefined),
];
