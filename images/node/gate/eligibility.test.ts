// When a node may claim the VIP, one situation at a time.

import { describe, expect, it } from "@jest/globals";
import { defaultZoneSpec, gateNames } from "#spec/zone-spec.ts";
import type { NodeFile } from "#topology/render-node.ts";
import { Eligibility, type Situation } from "./eligibility.ts";

const never = Number.NEGATIVE_INFINITY;

function node(name: "alpha" | "beta", patch: Partial<NodeFile["spec"]> = {}): NodeFile {
  const spec = { ...defaultZoneSpec, ...patch };
  return { name, zoneId: "z", vip: "v", vipPrefix: 24, rpcPort: 9443, zoneAddress: "a", routes: [], spec };
}

function situation(patch: Partial<Situation> = {}): Situation {
  const gates = gateNames.map((name) => ({ name, isOpen: name !== "vip", why: "" }));
  const peer = { heardNs: 100e9, role: "BACKUP", isOpen: false };
  return {
    nowNs: 100e9,
    gates,
    role: "BACKUP",
    isActive: false,
    peer,
    advertNs: 100e9,
    peerRenewedNs: never,
    coolUntilNs: 0,
    ...patch,
  };
}

const closed = (name: string) =>
  gateNames.map((each) => ({
    name: each,
    isOpen: each !== name && each !== "vip",
    why: each === name ? "broken" : "",
  }));

describe("the right to claim the VIP", () => {
  it("is open on alpha when every local gate except the VIP's own is open", () => {
    expect(new Eligibility(node("alpha")).whyNot(situation())).toBe("");
  });

  it.each(["jetstream", "quorum", "storage", "certificate", "bind"])("is closed by the gate %s, by name", (name) => {
    expect(new Eligibility(node("alpha")).whyNot(situation({ gates: closed(name) }))).toBe(`${name}: broken`);
  });

  it("is closed on an active node when a gate closes", () => {
    const active = { isActive: true, role: "MASTER", gates: closed("storage") };
    expect(new Eligibility(node("alpha")).whyNot(situation(active))).toBe("storage: broken");
  });

  it("waits for the node of higher priority for 3 s after a boot", () => {
    const eligibility = new Eligibility(node("beta"));
    const peer = { heardNs: never, role: "", isOpen: false };
    expect(eligibility.whyNot(situation({ nowNs: 100e9, peer }))).not.toBe("");
    expect(eligibility.whyNot(situation({ nowNs: 102.9e9, peer }))).not.toBe("");
    expect(eligibility.whyNot(situation({ nowNs: 103.1e9, peer }))).toBe("");
  });

  it("lets the higher address go first when priorities are equal, as VRRP does", () => {
    const vrrp = { ...defaultZoneSpec.vrrp, priority: { alpha: 100, beta: 100 } };
    const peer = { heardNs: never, role: "", isOpen: false };
    expect(new Eligibility(node("beta", { vrrp })).whyNot(situation({ peer }))).toBe("");
    expect(new Eligibility(node("alpha", { vrrp })).whyNot(situation({ peer }))).not.toBe("");
  });

  it("does not wait once that node has gone first", () => {
    const peer = { heardNs: 100e9, role: "BACKUP", isOpen: true };
    expect(new Eligibility(node("beta")).whyNot(situation({ peer }))).toBe("");
  });

  it("is closed on a standby that hears no heartbeat while the lease is being renewed: only VRRP is cut", () => {
    const cut = { nowNs: 103e9, peerRenewedNs: 102.5e9 };
    expect(new Eligibility(node("alpha")).whyNot(situation(cut))).not.toBe("");
  });

  it("stays open when neither heartbeat nor renewals come: the peer is dead", () => {
    const dead = { nowNs: 103e9, peerRenewedNs: 100e9 };
    expect(new Eligibility(node("alpha")).whyNot(situation(dead))).toBe("");
  });

  it("is not closed on the active node by a cut control segment", () => {
    const cut = { nowNs: 110e9, isActive: true, role: "MASTER", peerRenewedNs: 109.9e9 };
    expect(new Eligibility(node("alpha")).whyNot(situation(cut))).toBe("");
  });

  describe("when the peer is active, and its heartbeat arrives but not its adverts", () => {
    const active = (nowNs: number) => ({
      nowNs,
      peer: { heardNs: nowNs, role: "MASTER", isOpen: true },
      peerRenewedNs: nowNs - 0.5e9,
    });

    it("is closed before VRRP takes over, and opens again after 5 s so that keepalived listens", () => {
      const eligibility = new Eligibility(node("alpha"));
      const at = (nowNs: number, role: string, advertNs: number) =>
        eligibility.whyNot(situation({ ...active(nowNs), role, advertNs }));
      expect(at(100e9, "BACKUP", 100e9)).toBe("");
      expect(at(102.4e9, "BACKUP", 100e9)).toBe("");
      expect(at(102.6e9, "BACKUP", 100e9)).toContain("adverts do not arrive");
      expect(at(107.5e9, "FAULT", 107.5e9)).toContain("adverts do not arrive");
      expect(at(107.7e9, "FAULT", 107.7e9)).toBe("");
      expect(at(110.3e9, "BACKUP", 107.7e9)).toContain("adverts do not arrive");
    });

    it("stays open while the peer has only just become MASTER: until then no node sent adverts", () => {
      const eligibility = new Eligibility(node("beta"));
      const at = (nowNs: number, advertNs: number) => eligibility.whyNot(situation({ ...active(nowNs), advertNs }));
      const backup = { heardNs: 103.9e9, role: "BACKUP", isOpen: true };
      expect(eligibility.whyNot(situation({ nowNs: 103.9e9, peer: backup, advertNs: 100e9 }))).toBe("");
      expect(at(104e9, 100e9)).toBe("");
      expect(at(106.4e9, 100e9)).toBe("");
      expect(at(106.6e9, 100e9)).toContain("adverts do not arrive");
    });

    it.each([
      ["the lease is not renewed", { peerRenewedNs: 100e9 }],
      ["it is not the owner of the VIP", { peer: { heardNs: 104e9, role: "FAULT", isOpen: false } }],
      ["its heartbeat ends too", { peer: { heardNs: 101e9, role: "MASTER", isOpen: true }, peerRenewedNs: 101e9 }],
    ])("opens at once when %s", (_, patch) => {
      const eligibility = new Eligibility(node("alpha"));
      const deaf = { ...active(103.9e9), advertNs: 100e9 };
      eligibility.whyNot(situation({ ...active(101e9), advertNs: 100e9 }));
      expect(eligibility.whyNot(situation(deaf))).not.toBe("");
      expect(eligibility.whyNot(situation({ ...active(104e9), advertNs: 100e9, ...patch }))).toBe("");
    });
  });

  it("is closed for a while after being active", () => {
    expect(new Eligibility(node("alpha")).whyNot(situation({ coolUntilNs: 101e9 }))).not.toBe("");
  });

  it("stays open on an active node when the other service-bearing node is gone", () => {
    const alone = situation({ nowNs: 103e9, isActive: true, role: "MASTER" });
    expect(new Eligibility(node("alpha")).whyNot(alone)).toBe("");
  });
});
