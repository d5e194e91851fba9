// The nft text of cuts.

import { describe, expect, it } from "@jest/globals";
import { cutText, darkText, packetsIn, tableOf } from "./nft-text.ts";

const cut = { cut: "iso-1", device: "eth1", peerMacs: ["02:42:00:00:00:01"], direction: "both" as const };

describe("the text of a cut", () => {
  it("drops what a peer sends at ingress and what goes to it at egress", () => {
    const text = cutText(cut);
    expect(text).toContain("table netdev triad_iso_1 {");
    expect(text).toContain(
      'hook ingress device "eth1" priority -500;\n    ether saddr { 02:42:00:00:00:01 } counter drop',
    );
    expect(text).toContain(
      'hook egress device "eth1" priority -500;\n    ether daddr { 02:42:00:00:00:01 } counter drop',
    );
  });

  it("has one hook for one direction", () => {
    expect(cutText({ ...cut, direction: "in" })).not.toContain("egress");
    expect(cutText({ ...cut, direction: "out" })).not.toContain("ingress");
  });

  it("drops everything when no peer is named", () => {
    expect(cutText({ ...cut, peerMacs: [] })).not.toContain("ether");
  });

  it("refuses a name, an address or an interface that could hold more than that", () => {
    expect(() => tableOf("a; flush ruleset")).toThrow("not a name");
    expect(() => cutText({ ...cut, peerMacs: ["x"] })).toThrow("not a MAC");
    expect(() => cutText({ ...cut, device: 'e" }' })).toThrow("not an interface");
  });

  it("drops everything on every interface from a given second on", () => {
    const text = darkText(["eth0", "eth1"], 1_800_000_000);
    for (const hook of ["ingress", "egress"])
      for (const device of ["eth0", "eth1"])
        expect(text).toContain(
          `hook ${hook} device "${device}" priority -500;\n    meta time >= 1800000000 counter drop`,
        );
    expect(() => darkText(['e" }'], 1)).toThrow("not an interface");
  });

  it("counts dropped packets as the sum of its counters", () => {
    expect(packetsIn("a counter packets 3 bytes 9 drop\n b counter packets 4 bytes 9 drop")).toBe(7);
    expect(packetsIn("no counters")).toBe(0);
  });
});
