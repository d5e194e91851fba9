// The terminal of `triad replay --step`: lines from standard input, and faults as the command line writes them.

import { createInterface } from "node:readline";
import { Command } from "commander";
import { HarnessError } from "#base/errors.ts";
import type { CommandContext, Operations } from "#api/operations.ts";
import type { StepTerminal } from "#api/run-options.ts";
import type { FaultSpec } from "#spec/faults.ts";
import { addFault } from "./commands/fault.ts";

const columnsDefault = 120;

export function openStepTerminal(
  context: Pick<CommandContext, "write">,
  input: NodeJS.ReadableStream = process.stdin,
): StepTerminal & Disposable {
  // Not as a terminal of its own: Ctrl-C stays with the process.
  const lines = createInterface({ input, terminal: false });
  const iterator = lines[Symbol.asyncIterator]();
  return {
    columns: process.stdout.columns ?? columnsDefault,
    write: (text) => context.write(text),
    readLine: async (prompt, signal) => {
      context.write(prompt);
      const { value, done } = await untilAborted(iterator.next(), signal);
      return done ? undefined : value;
    },
    parseFault: faultOf,
    [Symbol.dispose]: () => lines.close(),
  };
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** The fault that `triad fault` would inject for these words. */
async function faultOf(words: readonly string[]): Promise<FaultSpec> {
  let spec: FaultSpec | undefined;
  let said = "";
  const fault = (given: { spec: FaultSpec }) => {
    spec = given.spec;
    return Promise.resolve("");
  };
  const context = { operations: () => Promise.resolve({ fault } as unknown as Operations), print: () => {} };
  const program = new Command("triad")
    .exitOverride()
    .configureOutput({ writeOut: (text) => (said += text), writeErr: (text) => (said += text) });
  addFault(program, context as unknown as CommandContext);
  try {
    await program.parseAsync(["fault", ...words], { from: "user" });
  } catch (error) {
    if (error instanceof HarnessError) throw error;
  }
  if (!spec) throw new HarnessError("usage/bad-value", said.trim() || "no fault given");
  return spec;
}
