// The log of operations: numbers, ends and totals.

import { describe, expect, it } from "@jest/globals";
import type { OperationEvent } from "#history/event.ts";
import { OperationLog } from "./operation-log.ts";

describe("the operation log", () => {
  it("gives each operation one number and one end, and repeats what was invoked", () => {
    const events: OperationEvent[] = [];
    const log = new OperationLog(500, (event) => events.push(event));
    const first = log.begin("client-0", "append", { messageId: "m", digest: "d" });
    const second = log.begin("client-1", "append", { messageId: "n", digest: "e" });
    log.end(second, { type: "fail", error: "not-connected" });
    log.end(first, { type: "ok" }, { offset: 7, node: "beta" });
    log.end(first, { type: "info", error: "call-timeout" });
    expect(events.map((event) => [event.op, event.type])).toEqual([
      [500, "invoke"],
      [501, "invoke"],
      [501, "fail"],
      [500, "ok"],
    ]);
    expect(events[3]).toMatchObject({ messageId: "m", digest: "d", offset: 7, node: "beta", process: "client-0" });
    expect(log.totals).toEqual({ invoked: 2, ok: 1, fail: 1, info: 0, skipped: 0 });
  });

  it("leaves nothing open when it is closed", () => {
    const log = new OperationLog(0, () => {});
    log.begin("client-0", "append", {});
    log.endAll({ type: "info", error: "call-timeout" });
    expect(log.openCount).toBe(0);
    expect(log.totals.info).toBe(1);
  });
});
