// The consumer names that a zone reads its peer with.

import { describe, expect, it } from "@jest/globals";
import { everything, readerName, zoneOfReader } from "./logs.ts";

const logs = { own: "2026-01-01T00:00:00Z", peer: "2026-01-02T00:00:00Z" };

describe("a reader's name", () => {
  it("changes when either log changes, and stays the same while both do", () => {
    const name = readerName("plant-a-bsfg", logs);
    expect(readerName("plant-a-bsfg", { ...logs })).toBe(name);
    expect(readerName("plant-a-bsfg", { ...logs, own: "later" })).not.toBe(name);
    expect(readerName("plant-a-bsfg", { ...logs, peer: "later" })).not.toBe(name);
  });

  it("names its zone, for all facts as for those of the peer only", () => {
    const name = readerName("plant-a-bsfg", logs);
    expect(zoneOfReader(name)).toBe("plant-a-bsfg");
    expect(zoneOfReader(`${name}${everything}`)).toBe("plant-a-bsfg");
  });

  it.each(["client-reader", "plant-a-bsfg", "plant-a-bsfg.x", "a.plant-b-bsfg.0123456789ab", ".0123456789ab", ""])(
    "is not %j",
    (name) => {
      expect(zoneOfReader(name)).toBeUndefined();
    },
  );
});
