// Records a zone that stays up: the observer and the load run, and everything that they see goes into the zone's
// history, until the zone is removed or the recorder's own deadline. It judges nothing.

import { delay, elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { Injector } from "#faults/injector.ts";
import { LiveHistory } from "#scenario/live-history.ts";
import { Load } from "#scenario/load.ts";
import { untilSteady } from "#scenario/membership.ts";
import { readOlderFacts } from "#scenario/audit.ts";
import type { StepContext } from "#scenario/step-context.ts";
import { ServiceWatch } from "#scenario/until-served.ts";
import { defaultBounds } from "#spec/verdict.ts";
import { Environment } from "#zone/environment.ts";
import type { StartedZone } from "#zone/zone.ts";
import { findKept, rememberedZones } from "#zones/kept-files.ts";
import { attachKept } from "#zones/kept-zones.ts";
import { readNote, recordFacts, recordFolder, removeNote, writeNote } from "#zones/record-files.ts";
import type { RecorderNote } from "#zones/recorder-process.ts";
import { Closing } from "./closing.ts";
import { type Answered, type Asked, RecordedEvents } from "./recorded-events.ts";

/** A zone that somebody forgot does not fill the disk: this load writes about 150 MB an hour. */
const deadlineMs = 12 * 3_600_000;
const lookMs = 250;
const steadyDeadlineMs = 30_000;
const answerDeadlineMs = 60_000;
const steadyLoadMs = 1_000;

/** Everything that reads is asked, as in a scenario that decides RPC-1. */
export const loadFor = { entries: ["RPC-1"] };

export interface RecordOptions {
  tell: (state: RecorderNote["state"], doing: string) => void;
  signal: AbortSignal;
}

/** @returns why it ended. */
export async function record(name: string, { tell, signal }: RecordOptions): Promise<string> {
  const kept = findKept(name);
  const facts = recordFacts(name);
  if (!facts) throw new HarnessError("usage/no-record", `zone ${name} has no record`);
  const lost = new AbortController();
  await using environment = await Environment.open(() => {});
  using events = new RecordedEvents(name);
  const history = new LiveHistory(events);
  const zone = await attachKept(environment, kept, {
    onEvent: (event) => history.record(event),
    onLost: (error) => {
      history.trouble(error);
      lost.abort(error);
    },
  });
  await using _leaving = { [Symbol.asyncDispose]: () => zone.leave() };
  const ended = AbortSignal.any([signal, lost.signal]);
  await zone.openObserver();
  await zone.follow(ended);
  const context = contextOf(zone, history, { name, seed: facts.seed, signal: ended });
  if (facts.hasLoad) await startLoad(context, (doing) => tell("starting", doing));
  tell("recording", "recording");
  return await untilGone(context, { name, zoneId: facts.zoneId, hasLoad: facts.hasLoad, tell, events });
}

function contextOf(
  zone: StartedZone,
  history: LiveHistory,
  { name, seed, signal }: { name: string; seed: number; signal: AbortSignal },
): StepContext {
  const injector = new Injector(zone, (event) => history.record(event));
  const service = new ServiceWatch({ history, signal }, defaultBounds.outageMaxMs);
  return { zone, history, injector, service, load: new Load(zone), seed, folder: recordFolder(name), signal };
}

/** As a scenario begins; but the service stays where it was elected, because a person may watch it. */
async function startLoad(context: StepContext, report: (doing: string) => void): Promise<void> {
  const { history, load, seed, signal } = context;
  report("waiting for the first answer");
  await load.start(seed, loadFor);
  await history.next((event) => event.type === "ok" && event.f === "append", {
    what: "the first answer through the VIP",
    deadlineMs: answerDeadlineMs,
    signal,
  });
  history.mark("zone-ready");
  report("waiting until the zone is steady");
  await untilSteady(context, steadyDeadlineMs).catch((error: unknown) => history.trouble(HarnessError.from(error)));
  history.mark("load-started", { appendPerS: load.appendPerS, cursors: load.cursors });
  await Promise.all([delay(steadyLoadMs, signal), readOlderFacts(context, "start")]);
  history.mark("steady");
}

interface Until {
  name: string;
  zoneId: string;
  hasLoad: boolean;
  tell: RecordOptions["tell"];
  events: RecordedEvents;
}

async function untilGone(context: StepContext, until: Until): Promise<string> {
  const startNs = nowNs();
  const { signal, history } = context;
  try {
    while (elapsedMs(startNs) < deadlineMs) {
      if (!isUp(until)) return "the zone was removed";
      await answer(context, until);
      await delay(lookMs, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return HarnessError.from(signal.reason).message;
  }
  const hours = deadlineMs / 3_600_000;
  const message = `the recorder ends after ${hours} h`;
  history.trouble(new HarnessError("zone/not-recorded", message));
  return message;
}

function isUp({ name, zoneId }: Until): boolean {
  return rememberedZones().some((one) => one.name === name && "plan" in one && one.plan.id === zoneId);
}

async function answer(context: StepContext, { name, hasLoad, tell, events }: Until): Promise<void> {
  const asked = readNote<Asked>(name, "asked");
  if (!asked) return;
  removeNote(name, "asked");
  const closing = new Closing(context, { name, hasLoad, events, report: (doing) => tell("closing", doing) });
  const answered: Answered = await closing.close(asked.id).catch((error: unknown) => {
    if (context.signal.aborted) throw error;
    return { id: asked.id, error: HarnessError.from(error).message, fromNs: 0, toNs: nowNs() };
  });
  writeNote(name, "answer", answered);
  tell("recording", "recording");
}
