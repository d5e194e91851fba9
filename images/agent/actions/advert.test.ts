// The bytes of a VRRP advert, as keepalived checks them.

import { describe, expect, it } from "@jest/globals";
import { advertBytes } from "./advert.ts";

describe("an advert", () => {
  const bytes = advertBytes({ routerId: 51, priority: 200, vip: "198.18.0.10" });

  it("names router, priority and address in the shape of version 2", () => {
    expect(bytes).toHaveLength(20);
    expect([...bytes.subarray(0, 6)]).toEqual([0x21, 51, 200, 1, 0, 1]);
    expect([...bytes.subarray(8, 12)]).toEqual([198, 18, 0, 10]);
  });

  it("sums up to nothing with its checksum", () => {
    let sum = 0;
    for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
    expect(((sum & 0xffff) + (sum >> 16)) & 0xffff).toBe(0xffff);
  });
});
