// When a node may claim the VIP, told situation by situation.

import { describe, expect, it } from "@jest/globals";
import { defaultZoneSpec, gateNames } from "#spec/zone-spec.ts";
import type { NodeFile } from "#topology/render-node.ts";
import { Claim, type Sight } from "./claim.ts";

const never = Number.NEGATIVE_INFINITY;

function node(name: "alpha" | "beta", patch: Partial<NodeFile["spec"]> = {}): NodeFile {
  const spec = { ...defaultZoneSpec, ...patch };
  return { name, zoneId: "z", vip: "v", vipPrefix: 24, rpcPort: 9443, zoneAddress: "a", routes: [], spec };
}

function sight(patch: Partial<Sight> = {}): Sight {
  const gates = gateNames.map((name) => ({ name, isOpen: name !== "vip", why: "" }));
  const peer = { heardNs: 100e9, role: "BACKUP", isOpen: false };
  return { nowNs: 100e9, gates, role: "BACKUP", isActive: false, peer, peerRenewedNs: never, coolUntilNs: 0, ...patch };
}

const closed = (name: string) =>
  gateNames.map((each) => ({
    name: each,
    isOpen: each !== name && each !== "vip",
    why: each === name ? "broken" : "",
  }));

describe("claim", () => {
  it("is open on alpha when every local gate is, the VIP's own aside", () => {
    expect(new Claim(node("alpha")).whyNot(sight())).toBe("");
  });

  it.each(["jetstream", "quorum", "storage", "certificate", "bind"])("is closed by the gate %s, by name", (name) => {
    expect(new Claim(node("alpha")).whyNot(sight({ gates: closed(name) }))).toBe(`${name}: broken`);
  });

  it("is closed on an active node too when a gate closes", () => {
    const active = { isActive: true, role: "MASTER", gates: closed("storage") };
    expect(new Claim(node("alpha")).whyNot(sight(active))).toBe("storage: broken");
  });

  it("lets the node of higher priority go first for 3 s after a boot", () => {
    const claim = new Claim(node("beta"));
    const peer = { heardNs: never, role: "", isOpen: false };
    expect(claim.whyNot(sight({ nowNs: 100e9, peer }))).not.toBe("");
    expect(claim.whyNot(sight({ nowNs: 102.9e9, peer }))).not.toBe("");
    expect(claim.whyNot(sight({ nowNs: 103.1e9, peer }))).toBe("");
  });

  it("lets the higher address go first when priorities are equal, as VRRP does", () => {
    const vrrp = { ...defaultZoneSpec.vrrp, priority: { alpha: 100, beta: 100 } };
    const peer = { heardNs: never, role: "", isOpen: false };
    expect(new Claim(node("beta", { vrrp })).whyNot(sight({ peer }))).toBe("");
    expect(new Claim(node("alpha", { vrrp })).whyNot(sight({ peer }))).not.toBe("");
  });

  it("stops letting it go first once it has gone", () => {
    const peer = { heardNs: 100e9, role: "BACKUP", isOpen: true };
    expect(new Claim(node("beta")).whyNot(sight({ peer }))).toBe("");
  });

  it("is closed on a standby that hears no heartbeat while the lease is being renewed: VRRP alone is cut", () => {
    const cut = { nowNs: 103e9, peerRenewedNs: 102.5e9 };
    expect(new Claim(node("alpha")).whyNot(sight(cut))).not.toBe("");
  });

  it("stays open when neither heartbeat nor renewals come: the peer is dead", () => {
    const dead = { nowNs: 103e9, peerRenewedNs: 100e9 };
    expect(new Claim(node("alpha")).whyNot(sight(dead))).toBe("");
  });

  it("is not closed on the active node by a cut control segment", () => {
    const cut = { nowNs: 110e9, isActive: true, role: "MASTER", peerRenewedNs: 109.9e9 };
    expect(new Claim(node("alpha")).whyNot(sight(cut))).toBe("");
  });

  it("leaves the VIP to the other node after being active", () => {
    expect(new Claim(node("alpha")).whyNot(sight({ coolUntilNs: 101e9 }))).not.toBe("");
  });

  it("is closed by a missing peer only where a wrong zone asks for that", () => {
    const alone = sight({ nowNs: 103e9, isActive: true, role: "MASTER" });
    expect(new Claim(node("alpha")).whyNot(alone)).toBe("");
    expect(new Claim(node("alpha", { demotesWithoutPeer: true })).whyNot(alone)).toBe("the peer is gone");
  });
});
