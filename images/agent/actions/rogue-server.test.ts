// What the log of a rogue server says about its routes, line by line.

import { describe, expect, it } from "@jest/globals";
import { type RouteOutcomes, withLine } from "./rogue-server.ts";

const none: RouteOutcomes = { met: [], refused: {} };
const created = "[87] 2026/11/24 15:26:10.250633 [INF] 198.18.2.11:6222 - rid:7 - Route connection created";
const refused =
  "[87] 2026/11/24 15:26:10.251627 [ERR] 198.18.2.12:6222 - rid:8 - Route Error 'Authorization Violation'";

describe("the routes of a rogue server", () => {
  it("names each server that it connected to once", () => {
    expect([created, created.replace(".11:", ".12:"), created].reduce(withLine, none).met).toEqual([
      "198.18.2.11",
      "198.18.2.12",
    ]);
  });

  it("keeps the words of a refusal", () => {
    expect([refused, refused].reduce(withLine, none).refused).toEqual({ "198.18.2.12": "Authorization Violation" });
  });

  it("ignores other lines", () => {
    expect(withLine(none, "[87] 2026/11/24 15:26:10.2 [INF] Server is ready")).toBe(none);
  });
});
