// `triad replay --step`: stops before each step of a scenario and asks. After each step it shows the state of the zone.
// What the person changed is marked in the history, and nothing is called kept then.

import { userInfo } from "node:os";
import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import type { FaultEvent } from "#history/event.ts";
import { stepText } from "#scenario-file/scenario-text.ts";
import { followZone } from "#scenario/scenario-monitors.ts";
import type { OpenGuide, StepGuide } from "#scenario/scenario-job.ts";
import type { StepContext } from "#scenario/step-context.ts";
import { describeFault, type FaultSpec } from "#spec/faults.ts";
import { monitorSampleMs } from "#spec/monitor.ts";
import type { Step } from "#spec/steps.ts";
import { stateLines } from "#zones/watch-screen.ts";

/** The person at the terminal. */
export interface Walker {
  columns: number;
  write: (text: string) => void;
  /** @returns undefined at the end of the input. Rejects with the reason of the signal. */
  readLine: (prompt: string, signal: AbortSignal) => Promise<string | undefined>;
  /** The fault of a command such as `fault kill alpha`. @throws HarnessError what is wrong with it. */
  parseFault: (words: readonly string[]) => Promise<FaultSpec>;
}

/** What the person sees of the zone. */
interface State extends AsyncDisposable {
  /** Lines as `triad watch` shows them, read after the call. */
  lines: () => Promise<string[]>;
}

const prompt = "continue, skip, fault …, quit> ";
const help = "continue: take this step; skip: leave it out; fault pause --node beta: inject it now; quit: end the run";
/** A sample may be under way at the call. The second one from then on was begun after it. */
const newSamples = 2;
const sampleDeadlineMs = 15_000;

/** A guide that asks the person before each step. */
export function walkWith(
  walker: Walker,
  openState: (context: StepContext, columns: number) => Promise<State> = watched,
): OpenGuide {
  return async (context, steps) => {
    const state = await openState(context, walker.columns);
    const walk = new Walk({ walker, state, context, steps });
    await walk.after();
    return walk;
  };
}

interface WalkParts {
  walker: Walker;
  state: State;
  context: StepContext;
  steps: readonly Step[];
}

class Walk implements StepGuide {
  readonly #parts: WalkParts;

  constructor(parts: WalkParts) {
    this.#parts = parts;
  }

  async before(step: Step, place: number): Promise<boolean> {
    const { walker, context, steps } = this.#parts;
    walker.write(`\nstep ${place + 1} of ${steps.length}: ${stepText(step)}\n`);
    for (;;) {
      const line = await walker.readLine(prompt, context.signal);
      const [word, ...words] = (line ?? "quit").trim().split(/\s+/);
      if (word === "continue" || word === "c" || word === "") return true;
      if (word === "skip") {
        this.#note(`skip ${stepText(step)}`);
        return false;
      }
      if (word === "quit") throw new HarnessError("run/interrupted", `the run was ended before step ${place + 1}`);
      if (word === "fault") await this.#fault(words);
      else walker.write(`${help}\n`);
    }
  }

  async after(): Promise<void> {
    const { walker, state } = this.#parts;
    walker.write(`${(await state.lines()).join("\n")}\n`);
  }

  /** A slip of the person is told, and they are asked again. */
  async #fault(words: readonly string[]): Promise<void> {
    const { walker, context } = this.#parts;
    let spec: FaultSpec;
    try {
      spec = await walker.parseFault(words);
    } catch (error) {
      return walker.write(`${HarnessError.from(error).message}\n`);
    }
    this.#note(describeFault(spec));
    let last: FaultEvent | undefined;
    using _following = context.history.follow((event) => {
      if (event.type === "fault") last = event;
    });
    await context.injector.inject(spec);
    walker.write(`${describeFault(spec)}: ${last?.phase ?? "nothing"}, ${last?.proof ?? "no proof"}\n`);
    await this.after();
  }

  #note(command: string): void {
    this.#parts.context.history.mark("by-hand", { user: userInfo().username, command, phase: "done" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.state[Symbol.asyncDispose]();
  }
}

/** The state of a zone by monitors of its own. They write nothing into the history. */
async function watched({ zone, history, signal }: StepContext, columns: number): Promise<State> {
  let samples = 0;
  const monitors = await followZone(zone, history, { onChange: () => {}, onSample: () => (samples += 1) });
  return {
    lines: async () => {
      const from = samples;
      await pollUntil(() => (samples - from >= newSamples ? { done: true } : { saw: `${samples - from} samples` }), {
        what: "new samples of the monitors",
        deadlineMs: sampleDeadlineMs,
        intervalMs: monitorSampleMs / 10,
        signal,
      });
      return stateLines(monitors.table, { zone: zone.plan.id, nowNs: nowNs(), columns, isColoured: false });
    },
    [Symbol.asyncDispose]: () => monitors[Symbol.asyncDispose](),
  };
}
