// What the faults ask of the actuator and of the daemon: which node, which interface, which folder, in which order.

import { describe, expect, it } from "@jest/globals";
import type { FaultSpec } from "#spec/faults.ts";
import { FakeZone, type FakeZoneOptions } from "./fake-zone.ts";
import { faultOf } from "./registry.ts";

async function injected(spec: FaultSpec, options: FakeZoneOptions = {}) {
  const fake = new FakeZone(options);
  const effect = await faultOf(spec).inject(fake.zone, spec);
  return { fake, ...effect, heal: () => faultOf(spec).heal(fake.zone, spec) };
}

describe("a cut", () => {
  it("has rules on each interface of the node on these segments", async () => {
    const { fake, proof, heal } = await injected({
      fault: "cut",
      node: "alpha",
      segments: ["zone", "control", "peer"],
      direction: "out",
    });
    const { zoneAddress, controlAddress } = fake.plan.nodes.alpha;
    expect(fake.requestsOf("cut")).toMatchObject([
      { cut: "alpha_zone_out", address: zoneAddress, peerMacs: [], direction: "out", pid: fake.nodes.alpha.pid },
      { cut: "alpha_control_out", address: controlAddress, peerMacs: [], direction: "out" },
    ]);
    expect(proof).toBe("nft dropped 14 packets");
    await heal();
    expect(fake.requestsOf("heal-cut").map((one) => one.cut)).toEqual(["alpha_zone_out", "alpha_control_out"]);
  });

  it("names its peers by their addresses on the segment, and has no rule where it has no peer", async () => {
    const { fake, proof } = await injected({
      fault: "cut",
      node: "alpha",
      peers: ["gamma", "clients"],
      segments: ["zone", "control"],
      direction: "both",
    });
    const { nodes, agent } = fake.plan;
    expect(fake.requestsOf("cut")).toMatchObject([
      { cut: "alpha_zone_both", peerMacs: [nodes.gamma.zoneMac, agent.mac] },
    ]);
    expect(fake.requestsOf("interface")).toMatchObject([
      { pid: fake.nodes.gamma.pid, address: nodes.gamma.zoneAddress },
      { address: agent.address },
    ]);
    expect(proof).toBe("nft dropped 7 packets; the rules name the MAC of gamma, clients");
  });
});

describe("a power loss", () => {
  it("cuts every segment and kills the node where its stores are folders", async () => {
    const { fake } = await injected({ fault: "power", node: "alpha" }, { spec: { stores: "folder" } });
    expect(fake.log).toEqual(["actuator cut", "actuator cut", "alpha kill"]);
  });

  it("takes all nodes in one request where each has file systems of its own", async () => {
    const { fake, atNs, heal } = await injected(
      { fault: "power", node: "beta", with: ["gamma"] },
      { spec: { stores: "ext4" } },
    );
    const { beta, gamma } = fake.plan.nodes;
    expect(fake.requestsOf("power-off").map((one) => one.targets)).toMatchObject([
      [
        { addresses: [beta.zoneAddress, beta.controlAddress], folders: ["/data/jetstream", "/artifacts"] },
        { addresses: [gamma.zoneAddress], folders: ["/data/jetstream"] },
      ],
    ]);
    expect(fake.log).toEqual(["actuator power-off", "beta has died", "gamma has died"]);
    expect(atNs).toBe(42e6);
    expect(await heal()).toContain("unflushed data is gone on /data/jetstream and /artifacts");
  });

  it("only starts a node again whose folders have no file system of their own", async () => {
    const { fake, heal } = await injected({ fault: "power", node: "gamma" }, { spec: { stores: "folder" } });
    expect(await heal()).toBe(`container runs as pid ${fake.nodes.gamma.pid}`);
    expect(fake.requestsOf("power-back")).toEqual([]);
  });
});

describe("a lost store", () => {
  it("is emptied while the node is frozen, and the node dies before it thaws", async () => {
    const { fake, detail } = await injected({ fault: "wiped", node: "gamma" });
    expect(fake.log).toEqual(["actuator ask-monitor", "gamma pause", "actuator wipe", "gamma kill"]);
    expect(detail).toEqual({ files: 3, bytes: 900, heldBytes: 2_000 });
  });

  it("goes with the artifacts and the container when the node is rebuilt", async () => {
    const { fake, heal } = await injected({ fault: "rebuilt", node: "beta", identity: "same" });
    expect(fake.requestsOf("wipe").map((one) => one.folders)).toEqual([["/data/jetstream", "/artifacts"]]);
    expect(fake.log.slice(-2)).toEqual(["beta kill", "beta remove"]);
    fake.log.length = 0;
    await heal();
    expect(fake.log).toEqual(["beta remake", "beta start"]);
  });

  it("may come back under a new name, and the old server is removed by the operator", async () => {
    const { fake, heal } = await injected({ fault: "rebuilt", node: "gamma", identity: "new" });
    expect(await heal()).toContain("the voters are alpha, beta, gamma-2");
    expect(fake.plan.nodes.gamma.files.map((one) => one.text).join("")).toContain('server_name: "gamma-2"');
    expect(fake.requestsOf("ask-store")).toMatchObject([
      { api: "SERVER.REMOVE", body: { peer: "gamma" }, login: { password: fake.plan.routeSecret } },
    ]);
  });

  it("counts a server that is no member any more as removed", async () => {
    const answer = { error: { description: "server is not a member of the cluster" } };
    const joins = ["alpha", "beta", "gamma", "gamma-2"];
    let asked = 0;
    const voters = () => (asked++ === 0 ? joins : joins.filter((name) => name !== "gamma"));
    const spec: FaultSpec = { fault: "rebuilt", node: "gamma", identity: "new" };
    const fake = new FakeZone({
      replies: {
        "ask-store": () => ({ answer }),
        "ask-monitor": () => {
          const [leader, ...others] = voters();
          return { answer: { meta_cluster: { leader, replicas: others.map((name) => ({ name })) } } };
        },
      },
    });
    await fake.nodes.gamma.kill();
    expect(await faultOf(spec).heal(fake.zone, spec)).toContain("the voters are alpha, beta, gamma-2");
  });
});

describe("other faults", () => {
  it("write a certificate and its key before anything is read", async () => {
    const { fake, heal } = await injected({ fault: "certificate", node: "beta", way: "wrong-key" });
    expect(fake.log).toEqual(["actuator write-files", "actuator run-inside"]);
    const written = () =>
      fake.requestsOf("write-files").map(({ files }) => files.map(({ text, mode }) => [text, mode]));
    const bad = [
      ["bad key", 0o600],
      ["bad: wrong-key", 0o644],
    ];
    expect(written()).toEqual([bad]);
    await heal();
    const good = [
      ["key", 0o600],
      ["original", 0o644],
    ];
    expect(written()).toEqual([bad, good]);
  });

  it("send the advert that unseats a node from its VRRP peer", async () => {
    const { fake } = await injected({ fault: "outranked", node: "alpha" });
    const { alpha, beta } = fake.plan.nodes;
    expect(fake.requestsOf("advert")).toMatchObject([
      { pid: fake.nodes.beta.pid, source: beta.controlAddress, destination: alpha.controlAddress, priority: 254 },
    ]);
  });

  it("forge adverts on the control segment from an address of no node, or to one node in its peer's name", async () => {
    const { fake } = await injected({ fault: "forge-control", node: "alpha", as: "foreign", priority: 255 });
    const { alpha, beta } = fake.plan.nodes;
    const [both] = fake.requestsOf("forge-frames");
    expect(both?.streams.map((one) => one.node)).toEqual(["alpha", "beta"]);
    for (const { source } of both!.streams) expect([alpha.controlAddress, beta.controlAddress]).not.toContain(source);
    const { fake: other } = await injected({ fault: "forge-control", node: "alpha", as: "peer", priority: 255 });
    expect(other.requestsOf("forge-frames")[0]?.streams).toMatchObject([
      { node: "alpha", address: alpha.controlAddress, source: beta.controlAddress, fromAddress: beta.controlAddress },
    ]);
  });

  it("forge adverts to every node and look for them only on nodes that are up", async () => {
    const spec: FaultSpec = { fault: "forge-vrrp", node: "alpha", priority: 255 };
    const fake = new FakeZone();
    await fake.nodes.gamma.kill();
    const { proof } = await faultOf(spec).inject(fake.zone, spec);
    const [request] = fake.requestsOf("forge-vrrp");
    expect(request?.destinations).toHaveLength(4);
    expect(request?.routed).toHaveLength(2);
    expect(request?.witnesses.map((one) => one.node)).toEqual(["alpha", "beta"]);
    expect(proof).toBe("5 adverts sent, 5 on alpha, 5 on beta, 4 on gamma received");
  });

  it("delete facts that are spread over the stream", async () => {
    const { fake, detail } = await injected({ fault: "facts-deleted", node: "gamma", count: 2 });
    expect(fake.requestsOf("delete-messages").map((one) => one.sequences)).toEqual([[101, 201]]);
    expect(detail).toEqual({ deleted: 2 });
  });

  it("stop a server before its blocks rot, and start it to heal", async () => {
    const { fake, proof, heal } = await injected({ fault: "rot", node: "gamma", way: "cut" });
    expect(fake.log).toEqual(["actuator run-inside", "actuator run-inside", "actuator rot"]);
    expect(proof).toContain("400 bytes before, 300 after");
    expect(await heal()).toBe("port 4222 of gamma is open; the damage stays");
  });

  it("count the outage of an orderly stop from its signal", async () => {
    const { atNs, fake } = await injected({ fault: "reboot", node: "beta" });
    expect(fake.log).toEqual(["beta stop", "beta start"]);
    expect(atNs).toBeGreaterThan(0);
  });

  it("tell keepalived nothing when they move the VIP", async () => {
    const { fake, proof, heal } = await injected({ fault: "vip-added", node: "beta" });
    expect(proof).toBe(`the kernel of beta added ${fake.plan.vip} to eth0`);
    expect(fake.requestsOf("run-inside").every(({ argv }) => argv[0] === "ip")).toBe(true);
    expect(await heal()).toContain("acknowledged the removal");
    expect(await heal()).toBe(`${fake.plan.vip} is not on beta`);
  });
});
