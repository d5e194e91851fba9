// The bytes of a forged advert, as keepalived checks them.

import { describe, expect, it } from "@jest/globals";
import { advertBytes, internetChecksum } from "./vrrp-packet.ts";

describe("a forged advert", () => {
  const bytes = advertBytes({ routerId: 51, priority: 255, advertS: 1, addresses: ["198.18.6.10"] });

  it("holds version, router, priority, one address and the interval", () => {
    expect([...bytes.subarray(0, 6)]).toEqual([0x21, 51, 255, 1, 0, 1]);
    expect([...bytes.subarray(8, 12)]).toEqual([198, 18, 6, 10]);
    expect(bytes).toHaveLength(20);
  });

  it("has a checksum that makes the sum of all words zero", () => {
    expect(internetChecksum(bytes)).toBe(0);
    // The example of RFC 1071, section 3.
    expect(internetChecksum(Buffer.from("0001f203f4f5f6f7", "hex"))).toBe(0xffff - 0xddf2);
  });
});
