// The terminal of a walk: lines of an input, and faults as `triad fault` takes them.

import { describe, expect, it } from "@jest/globals";
import { PassThrough } from "node:stream";
import { openStepTerminal } from "./step-terminal.ts";

function terminalOf(text = "") {
  const input = new PassThrough();
  if (text !== "") input.end(text);
  let written = "";
  const terminal = openStepTerminal({ write: (more) => void (written += more) }, input);
  return { terminal, written: () => written };
}

describe("the terminal of a walk", () => {
  it("gives one line for each prompt, then the end", async () => {
    const { terminal, written } = terminalOf("continue\nskip\n");
    using _ = terminal;
    const { signal } = new AbortController();
    expect([await terminal.readLine("> ", signal), await terminal.readLine("> ", signal)]).toEqual([
      "continue",
      "skip",
    ]);
    expect(await terminal.readLine("> ", signal)).toBeUndefined();
    expect(written()).toBe("> > > ");
  });

  it("stops waiting for a line when the run is interrupted", async () => {
    const { terminal } = terminalOf();
    using _ = terminal;
    const stop = new AbortController();
    const line = terminal.readLine("> ", stop.signal);
    stop.abort(new Error("interrupted"));
    await expect(line).rejects.toThrow("interrupted");
  });

  it("reads a fault with its options", async () => {
    using terminal = terminalOf().terminal;
    expect(await terminal.parseFault(["kill", "alpha"])).toEqual({ fault: "kill", node: "alpha" });
    expect(await terminal.parseFault(["storage", "--node", "beta", "--way", "full"])).toEqual({
      fault: "storage",
      node: "beta",
      way: "full",
    });
  });

  it.each([
    [["kil", "alpha"], /unknown fault "kil"/],
    [["storage", "beta"], /needs --way/],
    [["kill", "alpha", "--wya", "x"], /unknown option/],
    [[], /no fault given/],
  ])("refuses %j", async (words, why) => {
    using terminal = terminalOf().terminal;
    await expect(terminal.parseFault(words)).rejects.toThrow(why);
  });
});
