// One scenario on a fake stage: what it leaves in its folder, and what happens to the stage.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { Semaphore } from "#base/semaphore.ts";
import type { History, HistoryEvent } from "#history/event.ts";
import { historyFile, readHistory } from "#history/read-history.ts";
import type { Step } from "#spec/steps.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import type { Environment } from "#zone/environment.ts";
import { EventSink } from "./event-sink.ts";
import { during, useFakeClock } from "./fakes/fake-clock.ts";
import { fakeJob } from "./fakes/fake-job.ts";
import { FakeZone } from "./fakes/fake-zone.ts";
import { Load } from "./load.ts";
import { runScenario, type ScenarioEnd } from "./run-scenario.ts";
import { Stage, type StageZone } from "./stage.ts";

useFakeClock();

let folder = "";
let environment: Environment;
let zone: FakeZone;
let stage: Stage;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triad-run-"));
  environment = { starting: new Semaphore(1), images: {} } as unknown as Environment;
  zone = new FakeZone();
  stage = new Stage(defaultZoneSpec, stageZone(zone));
});
afterEach(() => rmSync(folder, { recursive: true }));

function stageZone(fake: FakeZone): StageZone {
  const sink = new EventSink();
  fake.onEvent = sink.onEvent;
  fake.onLost = sink.onLost;
  return { zone: fake.started, load: new Load(fake.started), sink };
}

type Differs = Parameters<typeof fakeJob>[0];

/** Runs a job on a new stage, or on the one left by another scenario, while the clock moves by three minutes. */
function ran(differs: Differs = {}, given?: Stage): Promise<ScenarioEnd> {
  const open = () => Promise.resolve(stage);
  return during(180_000, runScenario(environment, fakeJob({ folder, ...differs }), { given, open }));
}

const saved = (): History => readHistory(join(folder, historyFile));
const troubles = () => [...saved().events].flatMap((one) => (one.type === "trouble" ? [one.code] : []));
const marks = () => [...saved().events].flatMap((one) => (one.type === "mark" ? [one.mark] : []));
const kill: Step = { step: "provoke", faults: [{ fault: "kill", node: "alpha" }], to: "beta" };

describe("a scenario's folder", () => {
  it("holds the history, the agent's lines, and the logs and configuration of every node without its keys", async () => {
    stage.own.sink.onNoise("client-host", "a warning");
    await ran();
    expect(readdirSync(folder).sort()).toEqual(
      [
        "agent.log",
        ...["alpha", "beta", "gamma"].flatMap((name) => [`${name}.conf.txt`, `${name}.log`]),
        historyFile,
      ].sort(),
    );
    expect(readFileSync(join(folder, "agent.log"), "utf8")).toBe("client-host: a warning\n");
    expect(readFileSync(join(folder, "alpha.log"), "utf8")).toBe("log of alpha\n");
    expect(readFileSync(join(folder, "alpha.conf.txt"), "utf8")).not.toContain("/certs/");
  });

  it("names the planned faults in its header, and the history holds each of them as executed", async () => {
    await ran({ scenario: { steps: [kill] } });
    const { header, events } = saved();
    expect(header.plannedFaults).toEqual([{ fault: "kill", nodes: ["alpha"], spec: { fault: "kill", node: "alpha" } }]);
    const executed = [...events].flatMap((one) => (one.type === "fault" && one.phase === "effective" ? [one] : []));
    expect(executed).toMatchObject(header.plannedFaults.map(({ fault, nodes }) => ({ fault, nodes })));
    expect(header.zone).toMatchObject({ vip: zone.plan.vip, nodes: { alpha: { certificate: "f1" } } });
  });
});

describe("a stage", () => {
  it("is handed on after a scenario that left it steady", async () => {
    expect(await ran()).toEqual({ stage });
    expect(zone.isEnded).toBe(false);
  });

  it("takes no event of the time between two scenarios into the next", async () => {
    await ran();
    zone.emit({ t: nowNs(), type: "quorum", node: "alpha", isAcknowledged: true } satisfies HistoryEvent);
    await ran({}, stage);
    const { events } = saved();
    expect([...events].filter(({ type }) => type === "quorum")).toEqual([]);
    expect(events.at(0)).toMatchObject({ mark: "zone-created", detail: { isUsedAgain: true } });
  });

  it("brings the events since its start into its first scenario", async () => {
    zone.emit({ t: nowNs(), type: "node", node: "alpha", phase: "started", pid: 4 });
    await ran();
    expect([...saved().events].filter(({ type }) => type === "node")).toHaveLength(1);
  });

  it("is ended after the last scenario, without a reason", async () => {
    expect(await ran({ isLast: true })).toEqual({ stage: undefined });
    expect(zone.isEnded).toBe(true);
  });

  it("is thrown away, with the reason, when it may not be used again", async () => {
    const steps: Step[] = [{ step: "provoke", faults: [{ fault: "wiped", node: "gamma" }] }];
    const end = await ran({ scenario: { steps } });
    expect(end).toEqual({ stage: undefined, thrownAway: "a node lost its store" });
    expect(zone.isEnded).toBe(true);
  });

  it("stays up under a name when its job keeps the zone", async () => {
    expect(await ran({ keepZone: () => Promise.resolve("t-1") })).toEqual({ stage: undefined, standsAs: "t-1" });
    expect(zone.isEnded).toBe(false);
  });
});

describe("trouble of the harness", () => {
  it("is written when the agent is lost: the scenario ends, and its stage is thrown away", async () => {
    zone.answers.audit = () => {
      const lost = new HarnessError("agent/lost", "the actuator stream ended");
      zone.onLost(lost);
      return Promise.reject(lost);
    };
    const end = await ran();
    expect(troubles()).toEqual(["agent/lost", "agent/lost"]);
    expect(end.thrownAway).toBe("its scenario did not reach its end");
    expect(zone.isEnded).toBe(true);
  });

  it("is written when a zone does not start, and says so without one", async () => {
    const open = () => Promise.reject(new HarnessError("zone/start-failed", "no such image"));
    expect(await runScenario(environment, fakeJob({ folder }), { open })).toEqual({
      stage: undefined,
      thrownAway: "its scenario did not reach its end",
    });
    expect(troubles()).toEqual(["zone/start-failed"]);
    expect(marks()).toEqual([]);
  });

  it.each(["engine/start-failed", "image/breaks-contract"] as const)(
    "%s ends the run: no other scenario would fare better",
    async (code) => {
      zone.answers.audit = () => Promise.reject(new HarnessError(code, "no"));
      await expect(ran()).rejects.toMatchObject({ code });
      expect(troubles()).toEqual([code]);
      expect(zone.isEnded).toBe(true);
    },
  );

  it("is an interrupted run: every wait ends, and the history says so", async () => {
    const stop = new AbortController();
    const interrupt = () => stop.abort(new HarnessError("run/interrupted", "the run was interrupted"));
    const report = (phase: string) => phase === "hold" && queueMicrotask(interrupt);
    const steps: Step[] = [{ step: "hold", ms: 3_600_000 }];
    await ran({ signal: stop.signal, scenario: { steps }, report });
    expect(troubles()).toEqual(["run/interrupted"]);
    expect(zone.isEnded).toBe(true);
  });

  it("does not start a zone once the run is interrupted", async () => {
    const signal = AbortSignal.abort(new HarnessError("run/interrupted", "the run was interrupted"));
    const open = () => Promise.reject(new Error("it was started"));
    await runScenario(environment, fakeJob({ folder, signal }), { open });
    expect(troubles()).toEqual(["run/interrupted"]);
  });
});

describe("a pair", () => {
  it("has one history: the peer's events are wrapped, and its evidence lies beside", async () => {
    const peer = new FakeZone();
    stage = new Stage(defaultZoneSpec, stage.own, stageZone(peer));
    for (const fake of [zone, peer])
      fake.answers.streams = () => {
        fake.reportStream("facts_operational", { messages: 5 });
        return { streams: ["facts_operational"], voters: 3 };
      };
    const kept = { keepZone: () => Promise.resolve("t-1"), scenario: { peers: 2 as const } };
    expect(await ran(kept)).toEqual({ stage: undefined, thrownAway: "it is one of a pair" });
    expect([zone.isEnded, peer.isEnded]).toEqual([true, true]);
    const { header, events } = saved();
    expect(header.peer).toMatchObject({ zone: { vip: peer.plan.vip }, plannedFaults: [] });
    expect([...events].filter(({ type }) => type === "peer").length).toBeGreaterThan(5);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["peer-alpha.log", "alpha.log"]));
  });
});
