// How long a node believes in a quorum that does not answer.

import { describe, expect, it } from "@jest/globals";
import { quorumWaitMs } from "./gates.ts";

const honourMs = 10_000;
/** A pause of 4.5 s before the thaw, and the longest election after it. */
const electedTwiceMs = 4_500 + 9_000;

describe("the quorum gate", () => {
  it("outlasts two elections on a node that has the VIP and wants the lease", () => {
    expect(quorumWaitMs({ honourMs, isHolder: false, role: "MASTER" })).toBeGreaterThan(electedTwiceMs);
  });

  it("closes with the lease on a node that acts, and as early on one without the VIP", () => {
    expect(quorumWaitMs({ honourMs, isHolder: true, role: "MASTER" })).toBe(honourMs);
    for (const role of ["BACKUP", "FAULT", undefined])
      expect(quorumWaitMs({ honourMs, isHolder: false, role })).toBe(honourMs);
  });
});
