// tcpdump's lines of VRRP packets.

import { describe, expect, it } from "@jest/globals";
import { advertIn } from "./vrrp-line.ts";

describe("a line of tcpdump", () => {
  it("gives source, destination and priority of version 2 and 3", () => {
    const v2 =
      "IP 198.18.1.10 > 198.18.1.11: VRRPv2, Advertisement, vrid 51, prio 150, authtype none, intvl 1s, length 20";
    const v3 = "IP 198.18.1.10 > 224.0.0.18: VRRPv3, Advertisement, vrid 51, prio 0, intvl 100cs, length 12";
    expect(advertIn(v2)).toEqual({ source: "198.18.1.10", destination: "198.18.1.11", priority: 150 });
    expect(advertIn(v3)).toEqual({ source: "198.18.1.10", destination: "224.0.0.18", priority: 0 });
  });

  it("gives an unreadable packet without a priority", () => {
    const line = "IP 198.18.1.10 > 198.18.1.11:  ip-proto-112 12";
    expect(advertIn(line)).toEqual({ source: "198.18.1.10", destination: "198.18.1.11", priority: -1 });
  });

  it("gives nothing for another line", () => {
    expect(advertIn("listening on eth0, link-type EN10MB")).toBeUndefined();
  });
});
