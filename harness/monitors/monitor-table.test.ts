// Claims about the table: what turns each monitor red, what makes it gone, and when another node is the expected one.

import { describe, expect, it } from "@jest/globals";
import type { ObservedEvent } from "#history/event.ts";
import type { MonitorName } from "#spec/monitor.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { MonitorSample, ServerSample } from "#protocol/commands/monitor.ts";
import { MonitorTable } from "./monitor-table.ts";

const vip = "198.18.0.10";
const rpc = `${vip}:9443`;
const voter = (name: string, silentMs = 300) => ({ name, isOnline: true, silentMs });

/** A table told second by second of a zone that behaves, with a hand to bend it. */
class Story {
  readonly table: MonitorTable;
  readonly #states = new Map<NodeName, Omit<ObservedEvent, "t" | "type" | "node" | "sinceNs">>();
  #s = 100;

  constructor(expected: NodeName | null = "alpha", hasPeer = false) {
    this.table = new MonitorTable({ vip, rpcPort: 9443, minDays: 30, hasPeer, ...(expected ? { expected } : {}) });
    for (const name of nodeNames) this.node(name, name === "gamma" ? {} : { role: "BACKUP" });
    this.node("alpha", { ownsVip: true, listens: [rpc], role: "MASTER" });
  }

  node(name: NodeName, change: Partial<ObservedEvent>): this {
    const before = this.#states.get(name) ?? { isAlive: true, ownsVip: false, listens: [], isFrozen: false };
    const state = { ...before, ...change };
    this.#states.set(name, state);
    this.table.observe({ type: "observed", node: name, sinceNs: 0, ...state, t: this.#s * 1e9 });
    return this;
  }

  /** So many seconds with a look in each. */
  pass(seconds: number, change: Partial<MonitorSample> = {}): this {
    for (let count = 0; count < seconds; count += 1) {
      this.#s += 1;
      const t = this.#s * 1e9;
      this.table.observe({ t, type: "looks", looks: 200, gapMaxNs: 5e6, cpuNs: 1e7 });
      this.table.look({ ...this.#look(), ...change, t });
    }
    return this;
  }

  silence(seconds: number): this {
    this.#s += seconds;
    this.table.pass(this.#s * 1e9);
    return this;
  }

  state(name: MonitorName): string {
    return this.table.reading(name).state;
  }

  #look(): MonitorSample {
    const serving = nodeNames.find((name) => this.#states.get(name)!.listens.includes(rpc));
    return {
      sinceNs: 0,
      t: 0,
      servers: servers(),
      certificates: { alpha: { leftDays: 300 }, beta: { leftDays: 300 } },
      controllers: serving ? { [serving]: 1 } : {},
      storage: { alpha: "written", beta: "written" },
      health: serving
        ? { node: serving, isActive: true, closedGates: [], leftDays: 300 }
        : { error: "connect-refused" },
    };
  }
}

function servers(change: Partial<Record<NodeName, ServerSample>> = {}): Partial<Record<NodeName, ServerSample>> {
  const follower = { isHealthy: true, leader: "beta" };
  return {
    alpha: follower,
    beta: { ...follower, voters: [voter("alpha"), voter("gamma")] },
    gamma: follower,
    ...change,
  };
}

const all: MonitorName[] = ["MON-1", "MON-2", "MON-3", "MON-4", "MON-5", "MON-6", "MON-7", "MON-8", "MON-9", "MON-10"];

describe("a table", () => {
  it("is green on every monitor over a zone that behaves, and gone before anybody told", () => {
    const story = new Story();
    expect(story.state("MON-8")).toBe("gone");
    story.pass(2);
    expect(all.map((name) => story.state(name))).toEqual(all.map(() => "green"));
  });

  it("holds the VIP's new place red until its node has served for the time of settling, and expects it from then on", () => {
    const story = new Story().pass(2).node("alpha", { ownsVip: false, listens: [], role: "FAULT" });
    expect(story.table.reading("MON-1")).toMatchObject({ state: "red", why: "nobody holds the VIP" });
    story.node("beta", { ownsVip: true, role: "MASTER" }).pass(8);
    expect(story.table.reading("MON-1").why).toBe("beta holds the VIP, alpha is expected");
    story.node("beta", { listens: [rpc] }).pass(4);
    expect(story.state("MON-1")).toBe("red");
    story.pass(2);
    expect([story.state("MON-1"), story.table.expected]).toEqual(["green", "beta"]);
  });

  it("expects the first node that serves when it begins with none", () => {
    const story = new Story(null);
    story.pass(1);
    expect(story.table.expected).toBe("alpha");
  });

  it("is red while two nodes hold the VIP", () => {
    const story = new Story().pass(2).node("gamma", { ownsVip: true });
    expect(story.table.reading("MON-1").why).toBe("alpha and gamma hold the VIP");
  });

  it("calls more than five transitions in 30 s churn, by the kernel's count alone too", () => {
    const story = new Story().pass(2);
    // Alpha's own taking of the VIP was the first.
    for (const ownsVip of [true, false, true, false]) story.node("gamma", { ownsVip }).pass(1);
    expect(story.state("MON-2")).toBe("green");
    story.node("gamma", { ownsVip: true });
    expect(story.state("MON-2")).toBe("red");
    story.pass(27);
    expect(story.state("MON-2")).toBe("green");
  });

  it("waits for a second look before one silent answer of the controller is an alarm", () => {
    const silent = { health: { node: "alpha" as const, error: "call-timeout" } };
    const story = new Story().pass(2).pass(1, silent);
    expect(story.state("MON-3")).toBe("green");
    story.pass(1, silent);
    expect(story.state("MON-3")).toBe("red");
    expect(story.pass(1).state("MON-3")).toBe("green");
  });

  it("is red at once on a wildcard listener, and after a while on a controller without the VIP", () => {
    const story = new Story().pass(2).node("beta", { listens: ["0.0.0.0:9443"] });
    expect([story.state("MON-4"), story.state("MON-5")]).toEqual(["red", "green"]);
    expect(story.pass(3).state("MON-5")).toBe("red");
    story.node("beta", { listens: [] }).pass(1);
    expect([story.state("MON-4"), story.state("MON-5")]).toEqual(["green", "green"]);
  });

  it("is red on a controller process without any listener", () => {
    const story = new Story().pass(2).pass(4, { controllers: { alpha: 1, gamma: 1 } });
    expect(story.table.reading("MON-5")).toMatchObject({
      state: "red",
      why: "gamma runs a controller without the VIP",
    });
  });

  it("tells a server that does not answer from a node that is gone", () => {
    const silent = { servers: servers({ gamma: { error: "no answer in 1200 ms" } }) };
    expect(new Story().pass(2).pass(2, silent).state("MON-6")).toBe("red");
    expect(new Story().pass(2).node("gamma", { isAlive: false }).pass(1, silent).state("MON-6")).toBe("gone");
  });

  it("misses a voter that its leader has not heard, and one that has another name", () => {
    const beta = (name: string, silentMs: number) => ({
      servers: servers({ beta: { isHealthy: true, leader: "beta", voters: [voter("alpha"), voter(name, silentMs)] } }),
    });
    expect(new Story().pass(2, beta("gamma", 3_500)).table.reading("MON-7").why).toMatch(/does not see gamma/);
    expect(new Story().pass(2, beta("delta", 100)).state("MON-7")).toBe("red");
  });

  it("takes no lone server's word for a quorum", () => {
    const alone = { servers: { alpha: servers().beta! } };
    expect(new Story().pass(2).pass(2, alone).table.reading("MON-8").why).toBe("only alpha answers");
    const split = servers({ alpha: { isHealthy: true, leader: "alpha", voters: [] }, gamma: { error: "silent" } });
    expect(new Story().pass(2, { servers: split }).state("MON-8")).toBe("red");
    const unheard = { isHealthy: true, leader: "beta", voters: [voter("alpha", 4_000), voter("gamma", 4_000)] };
    expect(new Story().pass(2, { servers: servers({ beta: unheard }) }).state("MON-8")).toBe("red");
  });

  it("goes on looking at the storage of the expected node when the VIP has left it", () => {
    const story = new Story().pass(2).node("alpha", { ownsVip: false, listens: [] });
    story.pass(2, { storage: { alpha: "ENOENT", beta: "written" } });
    expect(story.state("MON-9")).toBe("red");
  });

  it("does not call one write that hung an alarm", () => {
    const story = new Story().pass(2).pass(1, { storage: { alpha: "silent", beta: "written" } });
    expect(story.state("MON-9")).toBe("green");
  });

  it("is red on a certificate below the threshold, in the file or as it is served", () => {
    const file = { certificates: { alpha: { leftDays: 300 }, beta: { leftDays: 29 } } };
    const served = { health: { node: "alpha" as const, isActive: true, closedGates: [], leftDays: 10 } };
    expect(new Story().pass(1, file).state("MON-10")).toBe("red");
    expect(new Story().pass(1, served).state("MON-10")).toBe("red");
  });

  it("is never green when nobody looks: every monitor is gone after the time of silence", () => {
    const story = new Story().pass(2).silence(6);
    expect(all.map((name) => story.state(name))).toEqual(all.map(() => "gone"));
  });
});

describe("a table over a zone that has a peer", () => {
  const told = (exchange: MonitorSample["exchange"] & object, seconds = 2) =>
    new Story("alpha", true).pass(2, { exchange: { lagMs: 200 } }).pass(seconds, { exchange });

  it("tells a peer that lags in time or in facts, and no other", () => {
    expect(told({ lagMs: 9_000, facts: 900 }).state("MON-11")).toBe("green");
    expect(told({ lagMs: 10_500, facts: 900 }).state("MON-11")).toBe("red");
    expect(told({ lagMs: 2_000, facts: 10_001 }).state("MON-11")).toBe("red");
  });

  it("keeps the last answer while a server is slow, and is gone when it is silent", () => {
    expect(told({ error: "TIMEOUT" }, 4).state("MON-11")).toBe("green");
    expect(told({ error: "TIMEOUT" }, 7).state("MON-11")).toBe("gone");
  });

  it("is the only one with that monitor", () => {
    expect(new Story().table.names).not.toContain("MON-11");
  });
});
