// Claims about which processes a word picks out.

import { describe, expect, it } from "@jest/globals";
import { answersTo } from "./signal.ts";

describe("a process", () => {
  it("answers to its command name and to the file it runs", () => {
    expect(
      answersTo("nats-server", { comm: "nats-server", argv: ["/usr/bin/nats-server", "-c", "/opt/bsfg/nats.conf"] }),
    ).toBe(true);
    expect(answersTo("controller", { comm: "node", argv: ["node", "/opt/bsfg/lib/controller.cjs"] })).toBe(true);
  });

  it("does not answer because of a folder, an option or the text of a script", () => {
    expect(answersTo("controller", { comm: "sh", argv: ["sh", "-c", "exec controller"] })).toBe(false);
    expect(
      answersTo("controller", { comm: "node", argv: ["node", "/opt/controller/other.cjs", "--controller=x"] }),
    ).toBe(false);
  });

  it("does not answer when it only supervises", () => {
    expect(answersTo("keepalived", { comm: "s6-supervise", argv: ["s6-supervise", "keepalived"] })).toBe(false);
  });
});
