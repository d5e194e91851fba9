// Claims about the ledger of operations.

import { describe, expect, it } from "@jest/globals";
import type { OperationEvent } from "#history/event.ts";
import { OperationLog } from "./operation-log.ts";

describe("the ledger", () => {
  it("gives each operation one number and one end, with what was invoked repeated", () => {
    const events: OperationEvent[] = [];
    const ledger = new OperationLog(500, (event) => events.push(event));
    const first = ledger.begin("client-0", "append", { messageId: "m", digest: "d" });
    const second = ledger.begin("client-1", "append", { messageId: "n", digest: "e" });
    ledger.end(second, { type: "fail", error: "not-connected" });
    ledger.end(first, { type: "ok" }, { offset: 7, node: "beta" });
    ledger.end(first, { type: "info", error: "call-timeout" });
    expect(events.map((event) => [event.op, event.type])).toEqual([
      [500, "invoke"],
      [501, "invoke"],
      [501, "fail"],
      [500, "ok"],
    ]);
    expect(events[3]).toMatchObject({ messageId: "m", digest: "d", offset: 7, node: "beta", process: "client-0" });
    expect(ledger.totals).toEqual({ invoked: 2, ok: 1, fail: 1, info: 0, skipped: 0 });
  });

  it("leaves nothing open when it is closed", () => {
    const ledger = new OperationLog(0, () => {});
    ledger.begin("client-0", "append", {});
    ledger.endAll({ type: "info", error: "call-timeout" });
    expect(ledger.openCount).toBe(0);
    expect(ledger.totals.info).toBe(1);
  });
});
