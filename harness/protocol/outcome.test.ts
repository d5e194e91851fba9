// The outcome table: what it calls definite must be so. Without a transport.

import { describe, expect, it } from "@jest/globals";
import { connectOutcome, outcomeNamed, type OutcomeName, outcomeTable, rpcOutcome, streamOutcome } from "./outcome.ts";

describe("the outcome of a call", () => {
  it("is ok for RPC code 0 only", () => {
    expect(rpcOutcome(0)).toEqual({ type: "ok" });
    for (let code = 1; code <= 16; code += 1) expect(rpcOutcome(code).type).not.toBe("ok");
  });

  it("maps each of the sixteen RPC codes to a name of its own", () => {
    const names = Array.from({ length: 16 }, (_, index) => rpcOutcome(index + 1)).map(
      (outcome) => "error" in outcome && outcome.error,
    );
    expect(new Set(names).size).toBe(16);
  });

  it.each([1, 2, 4, 8, 10, 13, 14, 15, 17, -1, Number.NaN])("is indefinite for RPC code %p", (code) => {
    expect(rpcOutcome(code).type).toBe("info");
  });

  it.each([3, 5, 6, 7, 9, 11, 12, 16])("is definite for RPC code %p", (code) => {
    expect(rpcOutcome(code).type).toBe("fail");
  });

  it("is definite for every failed connection", () => {
    for (const code of ["ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "EWHATEVER"])
      for (const isTcpUp of [true, false]) expect(connectOutcome(code, isTcpUp).type).toBe("fail");
  });

  it("distinguishes a handshake without an answer from a refused one", () => {
    expect(connectOutcome("ETIMEDOUT", true)).toEqual({ type: "fail", error: "tls-timeout" });
    expect(connectOutcome("ECONNRESET", true)).toEqual({ type: "fail", error: "tls-refused" });
  });

  it("is definite for a refused stream and indefinite for one that was cut", () => {
    expect(streamOutcome(7, true)).toEqual({ type: "fail", error: "stream-refused" });
    expect(streamOutcome(8, false)).toEqual({ type: "info", error: "stream-reset" });
    expect(streamOutcome(0, true)).toEqual({ type: "info", error: "connection-lost" });
  });

  it("never calls a sent call without an answer definite", () => {
    const sent: OutcomeName[] = ["call-timeout", "connection-lost", "stream-reset", "bad-reply", "http-status"];
    for (const name of sent) expect(outcomeNamed(name)).toEqual({ type: "info", error: name });
  });

  it("explains every name", () => {
    for (const row of Object.values(outcomeTable)) expect(row.means).toMatch(/\.$/);
  });
});
