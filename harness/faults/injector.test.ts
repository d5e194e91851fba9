// What the injector records and in which order, also when a fault is impossible, fails, or cannot be healed.

import { describe, expect, it } from "@jest/globals";
import { HarnessError } from "#base/errors.ts";
import type { FaultEvent, HistoryEvent } from "#history/event.ts";
import type { FaultSpec } from "#spec/faults.ts";
import { FakeZone, type FakeZoneOptions } from "./fake-zone.ts";
import { Injector } from "./injector.ts";

/** An injector whose events go into the zone's log too, so that a test sees one order of both. */
function inZone(options: FakeZoneOptions = {}) {
  const fake = new FakeZone(options);
  const events: FaultEvent[] = [];
  const injector = new Injector(fake.zone, (event: HistoryEvent) => {
    if (event.type !== "fault") throw new Error(`a fault recorded ${event.type}`);
    events.push(event);
    fake.log.push(`${event.fault} ${event.phase}`);
  });
  return { fake, events, injector, phases: () => events.map((one) => one.phase) };
}

const killAlpha: FaultSpec = { fault: "kill", node: "alpha" };
const noProcess = { signal: () => ({ pids: [], states: [] }) };

describe("injection", () => {
  it("records the intent before it does anything, and the proof after it", async () => {
    const { fake, events, injector } = inZone();
    await injector.inject(killAlpha);
    expect(fake.log).toEqual(["kill intended", "kill injecting", "alpha kill", "kill effective"]);
    expect(events[0]).toMatchObject({ id: 1, nodes: ["alpha"], detail: { ...killAlpha, words: "kill alpha" } });
    expect(events[2]).toMatchObject({ id: 1, proof: "container exited with 137" });
  });

  it("records why a fault is impossible, and does nothing", async () => {
    const { fake, events, injector } = inZone({ spec: { stores: "folder" } });
    await injector.inject({ fault: "power", node: "alpha", with: ["beta", "gamma"] });
    expect(fake.log).toEqual(["power intended", "power impossible"]);
    expect(events[1]?.proof).toContain("unflushed data would survive");
    expect(injector.standingNodes).toEqual([]);
  });

  it("records a failure with its code, and does not throw", async () => {
    const { events, injector, phases } = inZone({ replies: noProcess });
    await injector.inject({ fault: "process-kill", node: "beta", process: "gate" });
    expect(phases()).toEqual(["intended", "injecting", "failed"]);
    expect(events[2]?.proof).toBe("[fault/no-effect] beta runs no gate");
  });

  it("records what is not our error as a failure too", async () => {
    const { events, injector, phases } = inZone({
      replies: {
        signal: () => {
          throw new TypeError("pids is not iterable");
        },
      },
    });
    await injector.inject({ fault: "process-kill", node: "beta", process: "gate" });
    expect(phases().at(-1)).toBe("failed");
    expect(events.at(-1)?.proof).toContain("pids is not iterable");
  });

  it("gives each fault an id of its own, an impossible one too", async () => {
    const { events, injector } = inZone({ spec: { stores: "folder" } });
    await injector.inject({ fault: "power", node: "alpha", with: ["beta"] });
    await injector.inject(killAlpha);
    expect(new Set(events.map((one) => `${one.fault} ${one.id}`))).toEqual(new Set(["power 1", "kill 2"]));
  });

  it("counts a joint power loss from the cut and names every node", async () => {
    const { events, injector } = inZone({ spec: { stores: "xfs" } });
    await injector.inject({ fault: "power", node: "alpha", with: ["beta", "gamma"] });
    expect(events.every((one) => one.nodes.join() === "alpha,beta,gamma")).toBe(true);
    expect(events.at(-1)).toMatchObject({ phase: "effective", t: 42e6, detail: { packets: [2, 2, 2], spreadMs: 1 } });
  });
});

describe("healing", () => {
  it("heals the last injected fault first", async () => {
    const { fake, injector } = inZone();
    await injector.inject({ fault: "storage", node: "beta", way: "full" });
    await injector.inject({ fault: "link-down", node: "beta", segments: ["zone"] });
    await injector.inject({ fault: "port-taken", node: "beta" });
    fake.log.length = 0;
    await injector.heal(["beta"]);
    expect(fake.log.filter((one) => one.endsWith("healed"))).toEqual([
      "port-taken healed",
      "link-down healed",
      "storage healed",
    ]);
  });

  it("heals a fault whose injection failed: it may have had half of its effect", async () => {
    const { fake, injector, phases } = inZone({
      replies: { link: ({ state }) => ({ device: "eth0", state: "up" + (state === "up" ? "" : "?") }) },
    });
    await injector.inject({ fault: "link-down", node: "alpha", segments: ["zone", "control"] });
    expect(phases()).toEqual(["intended", "injecting", "failed"]);
    await injector.heal(["alpha"]);
    expect(phases().slice(3)).toEqual(["healing", "healed"]);
    expect(fake.requestsOf("link").map((one) => one.state)).toEqual(["down", "up", "up"]);
  });

  it("records a healing without proof as failed, and heals the others", async () => {
    const { events, injector, phases } = inZone({ replies: { "heal-cut": () => ({ packets: 0, isGone: false }) } });
    await injector.inject({ fault: "storage", node: "alpha", way: "gone" });
    await injector.inject({ fault: "cut", node: "alpha", segments: ["zone"], direction: "both" });
    await injector.heal(["alpha"]);
    expect(phases().slice(6)).toEqual(["healing", "failed", "healing", "healed"]);
    expect(events[7]).toMatchObject({ fault: "cut", proof: expect.stringContaining("[fault/not-undone]") });
  });

  it("leaves nodes alone that have no fault", async () => {
    const { fake, injector } = inZone();
    await injector.inject(killAlpha);
    fake.log.length = 0;
    await injector.heal(["beta", "gamma"]);
    expect(fake.log).toEqual([]);
    expect(injector.standingNodes).toEqual(["alpha"]);
  });

  it("heals a fault of several nodes when any of them is named, and only once", async () => {
    const { fake, injector } = inZone({ spec: { stores: "ext4" } });
    await injector.inject({ fault: "power", node: "alpha", with: ["beta", "gamma"] });
    await injector.heal(["gamma"]);
    expect(Object.values(fake.nodes).map((node) => node.isUp)).toEqual([true, true, true]);
    expect(injector.standingNodes).toEqual([]);
    fake.log.length = 0;
    await injector.heal(["alpha", "beta", "gamma"]);
    expect(fake.log).toEqual([]);
  });

  it("names each node once, whatever stands there", async () => {
    const { injector } = inZone({
      replies: {
        storage: () => {
          throw new HarnessError("agent/refused", "no mount");
        },
      },
    });
    await injector.inject({ fault: "storage", node: "beta", way: "eio" });
    await injector.inject({ fault: "port-taken", node: "beta" });
    await injector.inject({ fault: "pause", node: "gamma" });
    expect(injector.standingNodes).toEqual(["beta", "gamma"]);
  });
});
