// A zone that is attached to: what is found by label, what is asked of its nodes, and how it is left or removed. The
// daemon is a fake, and the test plays the agent.

import { describe, expect, it } from "@jest/globals";
import type { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { nodeNames } from "#spec/node.ts";
import { defaultZoneSpec } from "#spec/zone-spec.ts";
import { planZone } from "#topology/plan-zone.ts";
import { attachZone } from "./attach-zone.ts";
import { agentThatReplies, type FakeContainer, FakeDocker, type Play } from "./fake-docker.ts";
import type { ZoneRequest } from "./zone-request.ts";

const pair = { certificate: "", key: "", fingerprint: "f1" };
const certificates = { ca: "", server: { alpha: pair, beta: pair }, client: pair, routeSecret: "" };
const plan = planZone({ id: "t", index: 3, spec: defaultZoneSpec, certificates });

const whole: Record<string, FakeContainer> = {
  a: { role: "agent", state: "running" },
  n1: { role: "alpha", state: "running", pid: 101 },
  n2: { role: "beta", state: "paused", pid: 102 },
  n3: { role: "gamma", state: "exited" },
};

async function attached(play: Play = agentThatReplies(() => null), containers = whole) {
  const daemon = new FakeDocker({ ...containers }, play);
  const lost: HarnessError[] = [];
  const released: number[] = [];
  const request = {
    docker: daemon.docker,
    owner: "kept",
    bridges: { release: async (index: number) => void released.push(index) },
    onEvent: () => {},
    onNoise: () => {},
    onLost: (error: HarnessError) => lost.push(error),
  };
  const zone = await attachZone(request as unknown as ZoneRequest, plan);
  return { zone, daemon, lost, released };
}

describe("a zone that is attached to", () => {
  it("has its nodes by name, up or down as the daemon says", async () => {
    const { zone } = await attached();
    expect(nodeNames.map((name) => [name, zone.node(name).isUp, zone.node(name).pid])).toEqual([
      ["alpha", true, 101],
      ["beta", true, 102],
      ["gamma", false, 0],
    ]);
  });

  it("is refused, with the state of every container, when its agent does not run", async () => {
    const stopped = { ...whole, a: { role: "agent", state: "exited" } as const };
    await expect(attached(undefined, stopped)).rejects.toMatchObject({
      code: "zone/not-running",
      message: expect.stringContaining("agent exited, alpha running, beta paused, gamma exited"),
    });
  });

  it("asks the actuator about a node by name, and fills in its process", async () => {
    const received: object[] = [];
    const { zone } = await attached(
      agentThatReplies((request) => {
        received.push(request);
        return { packets: 3 };
      }),
    );
    expect(await zone.askNode("beta", { do: "count-cut", cut: "c" })).toEqual({ packets: 3 });
    expect(received).toEqual([{ id: 1, do: "count-cut", cut: "c", pid: 102, node: "beta" }]);
  });

  it("tells a new observer which nodes run, and again when another process has ended one", async () => {
    const watched: unknown[] = [];
    const { zone, daemon } = await attached(
      agentThatReplies((request) => {
        watched.push(request["pids"]);
        return { watching: [] };
      }),
    );
    await zone.openObserver();
    await zone.findNodes();
    daemon.containers["n1"] = { role: "alpha", state: "exited" };
    await zone.findNodes();
    expect(watched).toEqual([{ alpha: 101, beta: 102 }, { beta: 102 }]);
  });

  it("has no keys, and knows the certificates of its plan", async () => {
    const { zone } = await attached();
    expect(() => zone.pki).toThrow("stayed with the process that made it");
    expect(zone.fingerprints).toEqual({ f1: "beta" });
  });

  it("reports its agent as lost when the agent ends by itself, and not when the zone is left", async () => {
    let end = () => {};
    const { lost } = await attached((program) => {
      agentThatReplies(() => null)(program);
      ({ end } = program);
    });
    end();
    const look = () => (lost.length > 0 ? { done: lost } : { saw: "no loss" });
    const reported = await pollUntil(look, { what: "the agent's loss", deadlineMs: 2_000, intervalMs: 1 });
    expect(reported).toMatchObject([{ code: "agent/lost" }]);
    const other = await attached();
    await other.zone.leave();
    expect(other.lost).toEqual([]);
    expect(other.daemon.removed).toEqual([]);
  });

  it("is removed completely when it is disposed of: containers, networks, volumes and bridges", async () => {
    const { zone, daemon, released } = await attached();
    await zone[Symbol.asyncDispose]();
    expect(daemon.removed).toEqual(["a", "n1", "n2", "n3", "network", "volume"]);
    expect(released).toEqual([3]);
  });
});
