// The text of mountinfo.

import { describe, expect, it } from "@jest/globals";
import { mountsIn } from "./mounts.ts";

describe("mountinfo", () => {
  it("gives point, type and source in order, with escapes decoded", () => {
    const text =
      "36 35 98:0 / /artifacts rw,noatime master:1 - ext4 /dev/loop1 rw\n37 36 0:40 / /a\\040b rw - tmpfs triad-storage rw,size=4k\n";
    expect(mountsIn(text)).toEqual([
      { point: "/artifacts", type: "ext4", source: "/dev/loop1" },
      { point: "/a b", type: "tmpfs", source: "triad-storage" },
    ]);
  });
});
