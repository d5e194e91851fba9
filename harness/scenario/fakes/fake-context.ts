// A step context on a fake zone, with a history in memory. For unit tests.

import type { HistoryEvent, MarkDetails, MarkName } from "#history/event.ts";
import { Injector } from "#faults/injector.ts";
import { LiveHistory } from "../live-history.ts";
import { Load } from "../load.ts";
import type { StepContext } from "../step-context.ts";
import { ServiceWatch } from "../until-served.ts";
import { FakeZone } from "./fake-zone.ts";

export interface FakeContext extends StepContext {
  /** The zone behind `zone`. */
  fake: FakeZone;
  /** Written so far. */
  events: HistoryEvent[];
  /** Ends every wait. */
  abort: (reason: Error) => void;
}

export const serviceDeadlineMs = 15_000;

/** A live history whose lines go to `events`. */
export function memoryHistory(events: HistoryEvent[]): LiveHistory {
  return new LiveHistory({ write: (event) => void events.push(event), [Symbol.dispose]: () => {} });
}

/** The zone is watched and steady: alpha is active. */
export async function fakeContext(fake = new FakeZone(), differs: Partial<StepContext> = {}): Promise<FakeContext> {
  const events: HistoryEvent[] = [];
  const history = differs.history ?? memoryHistory(events);
  const stop = new AbortController();
  fake.onEvent = (event) => history.record(event);
  const zone = fake.started;
  const load = new Load(zone);
  const injector = new Injector(zone, (event) => history.record(event));
  await zone.watch();
  await load.start(1, { entries: [] });
  fake.asked.splice(0);
  const service = new ServiceWatch({ history, signal: stop.signal }, serviceDeadlineMs);
  const own = { zone, history, load, injector, service, seed: 7, folder: "", signal: stop.signal };
  return { ...own, ...differs, fake, events, abort: (reason) => stop.abort(reason) };
}

/** The details of every mark of that name. */
export function marksOf<M extends MarkName>({ events }: { events: HistoryEvent[] }, name: M): MarkDetails[M][] {
  return events.flatMap((event) =>
    event.type === "mark" && event.mark === name ? [event.detail as MarkDetails[M]] : [],
  );
}
