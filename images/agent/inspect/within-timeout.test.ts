// The deadline of a query: what it returns in time, and what is dropped after it.

import { describe, expect, it } from "@jest/globals";
import type { HistoryEvent } from "#history/event.ts";
import type { Emit } from "../role/outlet.ts";
import { withinTimeout } from "./within-timeout.ts";

const event: HistoryEvent = { t: 1, type: "quorum", node: "alpha", isAcknowledged: true };
/** So far below zero that the grace period of 3 s is over at once. */
const lateMs = -2_999;

describe("a query with a timeout", () => {
  it("returns its result, and its events pass", async () => {
    const events: HistoryEvent[] = [];
    const query = withinTimeout(
      async (request: { timeoutMs: number }, emit: Emit) => {
        emit(event);
        return request.timeoutMs;
      },
      (one) => events.push(one),
    );
    expect(await query({ do: "quorum", timeoutMs: 50 })).toBe(50);
    expect(events).toEqual([event]);
  });

  it("fails with its command's name when it is late, and its later events are dropped", async () => {
    const events: HistoryEvent[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let emitLate = () => {};
    const query = withinTimeout(
      async (_: { timeoutMs: number }, emit: Emit) => {
        emitLate = () => emit(event);
        await promise;
      },
      (one) => events.push(one),
    );
    await expect(query({ do: "audit", timeoutMs: lateMs })).rejects.toThrow("audit gave no result");
    emitLate();
    resolve();
    expect(events).toEqual([]);
  });
});
