// The table of calls in a scenario's section.

import { describe, expect, it } from "@jest/globals";
import { serviceTable } from "./service-table.ts";

describe("the table of calls", () => {
  it("says how many calls were answered inside and outside the gaps, and how they ended", () => {
    const html = serviceTable([
      {},
      {
        callsInside: 10,
        unansweredInside: 9,
        callsOutside: 3000,
        unansweredOutside: 1,
        slowestOutsideMs: 77,
        fullRateS: 0.3,
        callsByKind: { append: { ok: 3000, "call-timeout": 10 } },
      },
    ]);
    expect(html).toContain("2999 of 3000 calls answered (99.9%)");
    expect(html).toContain("inside: 1 of 10 calls answered (10%)");
    expect(html).toContain("slowest answer outside 77 ms; full rate again after 0.3 s.");
    expect(html).toContain("ok 3000 · call-timeout 10");
  });

  it("is absent when no finding measured the service", () => {
    expect(serviceTable([{ acknowledged: 7 }])).toBe("");
  });
});
