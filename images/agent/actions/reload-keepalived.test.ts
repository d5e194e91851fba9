// Which file keepalived reads, and what a change of its priority leaves.

import { describe, expect, it } from "@jest/globals";
import { fileOf, withPriority } from "./reload-keepalived.ts";

describe("the file of keepalived", () => {
  it.each([
    [["keepalived", "--vrrp", "-f", "/run/a.conf", ""], "/run/a.conf"],
    [["keepalived", "--use-file=/run/b.conf"], "/run/b.conf"],
    [["keepalived", "-f/run/c.conf"], "/run/c.conf"],
    [["keepalived", "--use-file", "/run/d.conf"], "/run/d.conf"],
    [["keepalived", "--vrrp"], "/etc/keepalived/keepalived.conf"],
  ])("of %j is %s", (argv, file) => {
    expect(fileOf(argv)).toBe(file);
  });
});

describe("a changed priority", () => {
  it("changes that line alone", () => {
    expect(withPriority("vrrp_instance zone {\n  priority 150\n  nopreempt\n}\n", -1)).toBe(
      "vrrp_instance zone {\n  priority 149\n  nopreempt\n}\n",
    );
  });

  it("is refused where there is none", () => {
    expect(() => withPriority("global_defs {\n}\n", -1)).toThrow("no priority");
  });
});
