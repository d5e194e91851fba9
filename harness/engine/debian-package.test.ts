// Which words of --nats-server name a Debian suite.

import { describe, expect, it } from "@jest/globals";
import { serverSuiteIn } from "./debian-package.ts";

describe("a suite of nats-server", () => {
  it("is named after the colon", () => {
    expect(serverSuiteIn("debian:bookworm")).toBe("bookworm");
    expect(serverSuiteIn("debian:forky")).toBe("forky");
  });

  it("is no path", () => {
    for (const path of ["/usr/bin/nats-server", "./debian:forky", "nats-server"])
      expect(serverSuiteIn(path)).toBeUndefined();
  });

  it("must be one that was tried", () => {
    expect(() => serverSuiteIn("debian:sid")).toThrow(
      expect.objectContaining({ code: "usage/bad-value", message: expect.stringContaining("debian:sid") }),
    );
  });
});
