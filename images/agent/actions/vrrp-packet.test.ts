// The bytes of a forged advert, as keepalived checks them.

import { describe, expect, it } from "@jest/globals";
import { advertBytes, frameOf, internetChecksum } from "./vrrp-packet.ts";

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

describe("an advert with a password", () => {
  const bytes = advertBytes({
    routerId: 51,
    priority: 255,
    advertS: 1,
    addresses: ["198.18.6.10"],
    password: "forged",
  });

  it("names its kind of authentication and ends with the password", () => {
    expect(bytes[4]).toBe(1);
    expect(bytes.subarray(12).toString("latin1")).toBe("forged\0\0");
    expect(internetChecksum(bytes)).toBe(0);
  });
});

describe("a frame", () => {
  const ends = {
    sourceMac: "02:42:c6:12:07:63",
    destinationMac: "01:00:5e:00:00:12",
    source: "198.18.7.99",
    destination: "224.0.0.18",
  };
  const frame = frameOf(ends, Buffer.alloc(20));

  it("begins with both MACs and the type of IPv4", () => {
    expect(frame.subarray(0, 14).toString("hex")).toBe("01005e0000120242c61207630800");
  });

  it("has an IPv4 header of protocol 112 with TTL 255 and a right checksum", () => {
    const ip = frame.subarray(14, 34);
    expect([ip[0], ip.readUInt16BE(2), ip[8], ip[9]]).toEqual([0x45, 40, 255, 112]);
    expect([...ip.subarray(12)]).toEqual([198, 18, 7, 99, 224, 0, 0, 18]);
    expect(internetChecksum(ip)).toBe(0);
  });
});
