// Claims about Ctrl-C.

import { EventEmitter } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { watchInterrupts } from "./interrupt.ts";

function stage() {
  const source = new EventEmitter();
  const said: string[] = [];
  const ended: number[] = [];
  const interrupts = watchInterrupts(
    source,
    (line) => said.push(line),
    (code) => ended.push(code),
  );
  return { source, said, ended, interrupts };
}

describe("an interrupt", () => {
  it("aborts the signal and does not end the process", () => {
    const { source, said, ended, interrupts } = stage();
    expect(interrupts.exitCode()).toBeNull();
    source.emit("SIGINT");
    expect(interrupts.signal.aborted).toBe(true);
    expect(interrupts.signal.reason).toMatchObject({ code: "run/interrupted" });
    expect(interrupts.exitCode()).toBe(130);
    expect(said).toHaveLength(1);
    expect(ended).toEqual([]);
  });

  it("ends the process at once when a second one follows soon", () => {
    const { source, ended } = stage();
    source.emit("SIGINT");
    source.emit("SIGINT");
    expect(ended).toEqual([130]);
  });

  it("keeps the exit code of the first signal", () => {
    const { source, ended, interrupts } = stage();
    source.emit("SIGTERM");
    source.emit("SIGINT");
    expect(interrupts.exitCode()).toBe(143);
    expect(ended).toEqual([130]);
  });
});
