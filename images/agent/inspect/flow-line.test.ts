// Lines of tcpdump 4.99 with -n -q -t.

import { describe, expect, it } from "@jest/globals";
import { flowIn } from "./flow-line.ts";

describe("a packet's line", () => {
  it("gives both ends of a TCP packet", () => {
    expect(flowIn("IP 198.18.0.10.43210 > 198.18.2.10.9443: tcp 517")).toEqual({
      protocol: "tcp",
      from: "198.18.0.10:43210",
      to: "198.18.2.10:9443",
    });
  });

  it("gives ends without ports, other protocols and ARP", () => {
    expect(flowIn("IP 198.18.0.10 > 198.18.2.10: ICMP echo request, id 1, seq 1, length 64")).toEqual({
      protocol: "ip",
      from: "198.18.0.10",
      to: "198.18.2.10",
    });
    expect(flowIn("IP 1.2.3.4.53 > 5.6.7.8.53: UDP, length 8")?.protocol).toBe("udp");
    expect(flowIn("ARP, Request who-has 198.18.2.10 tell 198.18.0.10, length 28")?.protocol).toBe("arp");
  });

  it("gives the ends of an IPv6 packet whole, with a port as tcpdump writes it", () => {
    expect(
      flowIn("IP6 fe80::1 > ff02::16: HBH ICMP6, multicast listener report v2, 1 group record(s), length 28"),
    ).toEqual({
      protocol: "ip6",
      from: "fe80::1",
      to: "ff02::16",
    });
    expect(flowIn("IP6 :: > ff02::1:ff00:1: ICMP6, neighbor solicitation, who has fe80::1, length 32")).toEqual({
      protocol: "ip6",
      from: "::",
      to: "ff02::1:ff00:1",
    });
    expect(flowIn("IP6 fe80::1.40000 > fe80::2.6222: tcp 517")).toEqual({
      protocol: "ip6",
      from: "fe80::1.40000",
      to: "fe80::2.6222",
    });
  });

  it("gives nothing for another line", () => {
    expect(flowIn("12 packets captured")).toBeUndefined();
  });
});
