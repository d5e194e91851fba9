// What a stranger's log says of its welcome, line by line.

import { describe, expect, it } from "@jest/globals";
import { type Meeting, withLine } from "./rogue-server.ts";

const nobody: Meeting = { met: [], refused: {} };
const created = "[87] 2026/11/24 15:26:10.250633 [INF] 198.18.2.11:6222 - rid:7 - Route connection created";
const refused =
  "[87] 2026/11/24 15:26:10.251627 [ERR] 198.18.2.12:6222 - rid:8 - Route Error 'Authorization Violation'";

describe("what a stranger meets", () => {
  it("names each server once that it had a connection with", () => {
    expect([created, created.replace(".11:", ".12:"), created].reduce(withLine, nobody).met).toEqual([
      "198.18.2.11",
      "198.18.2.12",
    ]);
  });

  it("keeps the words with which it was sent away", () => {
    expect([refused, refused].reduce(withLine, nobody).refused).toEqual({ "198.18.2.12": "Authorization Violation" });
  });

  it("takes nothing from other lines", () => {
    expect(withLine(nobody, "[87] 2026/11/24 15:26:10.2 [INF] Server is ready")).toBe(nobody);
  });
});
