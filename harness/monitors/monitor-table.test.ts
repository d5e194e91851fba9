// What turns each monitor red, what makes it gone, and when another node becomes the expected one.

import { describe, expect, it } from "@jest/globals";
import type { ObservedEvent } from "#history/event.ts";
import type { MonitorName } from "#spec/monitor.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import type { MonitorSample, ServerSample } from "#protocol/commands/monitor.ts";
import { MonitorTable } from "./monitor-table.ts";

const vip = "198.18.0.10";
const rpc = `${vip}:9443`;
const voter = (name: string, silentMs = 300) => ({ name, isOnline: true, silentMs });

/** Feeds a table second by second from a healthy zone. Each test changes what it needs. */
class Simulation {
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

  /** Seconds with one sample each. */
  pass(seconds: number, change: Partial<MonitorSample> = {}): this {
    for (let count = 0; count < seconds; count += 1) {
      this.#s += 1;
      const t = this.#s * 1e9;
      this.table.observe({ t, type: "looks", looks: 200, gapMaxNs: 5e6, cpuNs: 1e7 });
      this.table.take({ ...this.#sample(), ...change, t });
    }
    return this;
  }

  silence(seconds: number): this {
    this.#s += seconds;
    this.table.passTime(this.#s * 1e9);
    return this;
  }

  state(name: MonitorName): string {
    return this.table.reading(name).state;
  }

  #sample(): MonitorSample {
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
  it("is green on every monitor of a healthy zone, and gone before the first evidence", () => {
    const simulation = new Simulation();
    expect(simulation.state("MON-8")).toBe("gone");
    simulation.pass(2);
    expect(all.map((name) => simulation.state(name))).toEqual(all.map(() => "green"));
  });

  it("has no alarm while it has seen only some nodes, although every server has answered", () => {
    const whole = new Simulation().pass(1);
    const table = new MonitorTable({ vip, rpcPort: 9443, minDays: 30 });
    const changes = table.take({ ...whole.table.zone.sample!, t: 200e9 });
    const seen = { isAlive: true, isFrozen: false, ownsVip: false, listens: [], sinceNs: 0, t: 200e9 };
    for (const node of nodeNames) changes.push(...table.observe({ type: "observed", node, ...seen }));
    changes.push(...table.take({ ...whole.table.zone.sample!, t: 201e9 }));
    const states = (name: MonitorName) => changes.filter(({ monitor }) => monitor === name).map(({ state }) => state);
    expect([states("MON-7"), states("MON-8")]).toEqual([["green"], ["green"]]);
  });

  it("is red after a move of the VIP until the new node has served for the settling time, and then expects that node", () => {
    const simulation = new Simulation().pass(2).node("alpha", { ownsVip: false, listens: [], role: "FAULT" });
    expect(simulation.table.reading("MON-1")).toMatchObject({ state: "red", why: "no node holds the VIP" });
    simulation.node("beta", { ownsVip: true, role: "MASTER" }).pass(8);
    expect(simulation.table.reading("MON-1").why).toBe("beta holds the VIP, alpha is expected");
    simulation.node("beta", { listens: [rpc] }).pass(4);
    expect(simulation.state("MON-1")).toBe("red");
    simulation.pass(2);
    expect([simulation.state("MON-1"), simulation.table.expected]).toEqual(["green", "beta"]);
  });

  it("expects the first node that serves when it starts with none", () => {
    const simulation = new Simulation(null);
    simulation.pass(1);
    expect(simulation.table.expected).toBe("alpha");
  });

  it("is red while two nodes hold the VIP", () => {
    const simulation = new Simulation().pass(2).node("gamma", { ownsVip: true });
    expect(simulation.table.reading("MON-1").why).toBe("alpha and gamma hold the VIP");
  });

  it("counts more than five transitions in 30 s as churn, also by the kernel alone", () => {
    const simulation = new Simulation().pass(2);
    // The first transition was that of alpha.
    for (const ownsVip of [true, false, true, false]) simulation.node("gamma", { ownsVip }).pass(1);
    expect(simulation.state("MON-2")).toBe("green");
    simulation.node("gamma", { ownsVip: true });
    expect(simulation.state("MON-2")).toBe("red");
    simulation.pass(27);
    expect(simulation.state("MON-2")).toBe("green");
  });

  it("needs a second sample before a missing answer of the controller is an alarm", () => {
    const silent = { health: { node: "alpha" as const, error: "call-timeout" } };
    const simulation = new Simulation().pass(2).pass(1, silent);
    expect(simulation.state("MON-3")).toBe("green");
    simulation.pass(1, silent);
    expect(simulation.state("MON-3")).toBe("red");
    expect(simulation.pass(1).state("MON-3")).toBe("green");
  });

  it("is red at once on a wildcard listener, and after 2 s on a controller without the VIP", () => {
    const simulation = new Simulation().pass(2).node("beta", { listens: ["0.0.0.0:9443"] });
    expect([simulation.state("MON-4"), simulation.state("MON-5")]).toEqual(["red", "green"]);
    expect(simulation.pass(3).state("MON-5")).toBe("red");
    simulation.node("beta", { listens: [] }).pass(1);
    expect([simulation.state("MON-4"), simulation.state("MON-5")]).toEqual(["green", "green"]);
  });

  it("is red on a controller process without any listener", () => {
    const simulation = new Simulation().pass(2).pass(4, { controllers: { alpha: 1, gamma: 1 } });
    expect(simulation.table.reading("MON-5")).toMatchObject({
      state: "red",
      why: "gamma runs a controller without the VIP",
    });
  });

  it("distinguishes a server that does not answer from a node that is gone", () => {
    const silent = { servers: servers({ gamma: { error: "no answer in 1200 ms" } }) };
    expect(new Simulation().pass(2).pass(2, silent).state("MON-6")).toBe("red");
    expect(new Simulation().pass(2).node("gamma", { isAlive: false }).pass(1, silent).state("MON-6")).toBe("gone");
  });

  it("is red on a voter that the leader has not heard, and on one with another name", () => {
    const beta = (name: string, silentMs: number) => ({
      servers: servers({ beta: { isHealthy: true, leader: "beta", voters: [voter("alpha"), voter(name, silentMs)] } }),
    });
    expect(new Simulation().pass(2, beta("gamma", 3_500)).table.reading("MON-7").why).toMatch(/does not see gamma/);
    expect(new Simulation().pass(2, beta("delta", 100)).state("MON-7")).toBe("red");
  });

  it("does not trust a single server about the quorum", () => {
    const alone = { servers: { alpha: servers().beta! } };
    expect(new Simulation().pass(2).pass(2, alone).table.reading("MON-8").why).toBe("only alpha answers");
    const split = servers({ alpha: { isHealthy: true, leader: "alpha", voters: [] }, gamma: { error: "silent" } });
    expect(new Simulation().pass(2, { servers: split }).state("MON-8")).toBe("red");
    const unheard = { isHealthy: true, leader: "beta", voters: [voter("alpha", 4_000), voter("gamma", 4_000)] };
    expect(new Simulation().pass(2, { servers: servers({ beta: unheard }) }).state("MON-8")).toBe("red");
  });

  it("says whether the leader that the others name is silent or does not lead", () => {
    const why = (beta: ServerSample) =>
      new Simulation().pass(2, { servers: servers({ beta }) }).table.reading("MON-8").why;
    expect(why({ error: "silent" })).toBe("2 servers name beta as leader, but it does not answer");
    expect(why({ isHealthy: true, leader: "beta" })).toBe("3 servers name beta as leader, but it does not lead");
  });

  it("keeps checking the storage of the expected node after the VIP has left it", () => {
    const simulation = new Simulation().pass(2).node("alpha", { ownsVip: false, listens: [] });
    simulation.pass(2, { storage: { alpha: "ENOENT", beta: "written" } });
    expect(simulation.state("MON-9")).toBe("red");
  });

  it("is not red on a single write that hangs", () => {
    const simulation = new Simulation().pass(2).pass(1, { storage: { alpha: "silent", beta: "written" } });
    expect(simulation.state("MON-9")).toBe("green");
  });

  it("is red on a certificate below the threshold, in the file or as served", () => {
    const file = { certificates: { alpha: { leftDays: 300 }, beta: { leftDays: 29 } } };
    const served = { health: { node: "alpha" as const, isActive: true, closedGates: [], leftDays: 10 } };
    expect(new Simulation().pass(1, file).state("MON-10")).toBe("red");
    expect(new Simulation().pass(1, served).state("MON-10")).toBe("red");
  });

  it("is gone on every monitor after the silence limit", () => {
    const simulation = new Simulation().pass(2).silence(6);
    expect(all.map((name) => simulation.state(name))).toEqual(all.map(() => "gone"));
  });
});

describe("a table of a zone that has a peer", () => {
  const told = (exchange: MonitorSample["exchange"] & object, seconds = 2) =>
    new Simulation("alpha", true).pass(2, { exchange: { lagMs: 200 } }).pass(seconds, { exchange });

  it("is red on a peer that lags in time or in facts, and only then", () => {
    expect(told({ lagMs: 9_000, facts: 900 }).state("MON-11")).toBe("green");
    expect(told({ lagMs: 10_500, facts: 900 }).state("MON-11")).toBe("red");
    expect(told({ lagMs: 2_000, facts: 10_001 }).state("MON-11")).toBe("red");
  });

  it("keeps the last answer while a server is slow, and is gone when it is silent", () => {
    expect(told({ error: "TIMEOUT" }, 4).state("MON-11")).toBe("green");
    expect(told({ error: "TIMEOUT" }, 7).state("MON-11")).toBe("gone");
  });

  it("is the only one with MON-11", () => {
    expect(new Simulation().table.names).not.toContain("MON-11");
  });
});
