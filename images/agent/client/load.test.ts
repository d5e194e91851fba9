// The target of a load and the facts that it makes. Without a connection.

import { describe, expect, it } from "@jest/globals";
import { factNumber } from "../facts/fact.ts";
import { splitTarget } from "./target.ts";

describe("a target", () => {
  it("is host:port, IPv6 in brackets too", () => {
    expect(splitTarget("198.18.0.1:9443")).toEqual({ host: "198.18.0.1", port: 9443 });
    expect(splitTarget("[::1]:9443")).toEqual({ host: "::1", port: 9443 });
  });

  it("is refused when it is not", () => {
    for (const target of ["198.18.0.1", ":9443", "host:0", "host:x"])
      expect(() => splitTarget(target)).toThrow("not host:port");
  });
});

describe("a fact", () => {
  it("follows from seed, name and number", () => {
    const source = { seed: 7, name: "client" };
    const fact = factNumber(12, source);
    expect(factNumber(12, source)).toEqual(fact);
    expect(fact.messageId).toBe("7-client-12");
    expect(factNumber(13, source).objectJson).not.toBe(fact.objectJson);
  });
});
