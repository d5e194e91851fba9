// Judges in a thread of its own. In the main thread a second of judging would delay every stamp and every wait of the
// zones.

import { Worker } from "node:worker_threads";
import { HarnessError } from "#base/errors.ts";
import type { JudgedScenario } from "#checkers/merge-findings.ts";
import type { PlannedScenario } from "./plan.ts";

export interface ScenarioJudge extends Disposable {
  /** Reads the scenario's saved history. */
  judge: (planned: PlannedScenario) => Promise<JudgedScenario>;
}

/** The client of judge-thread.ts. */
export class JudgeClient implements ScenarioJudge {
  readonly #thread: Worker;
  readonly #waiting: PromiseWithResolvers<JudgedScenario>[] = [];
  #failure: HarnessError | undefined;

  /** @param folder of the run; it holds the plan. */
  constructor(folder: string) {
    this.#thread = new Worker(new URL("./judge-thread.ts", import.meta.url), { workerData: { folder } });
    this.#thread.on("message", (judged: JudgedScenario) => this.#waiting.shift()?.resolve(judged));
    this.#thread.on("error", (error) => this.#fail(HarnessError.from(error)));
  }

  /** The thread answers in the order of the questions. */
  judge(planned: PlannedScenario): Promise<JudgedScenario> {
    if (this.#failure) return Promise.reject(this.#failure);
    const answer = Promise.withResolvers<JudgedScenario>();
    this.#waiting.push(answer);
    this.#thread.postMessage(planned);
    return answer.promise;
  }

  #fail(error: HarnessError): void {
    this.#failure = error;
    for (const one of this.#waiting.splice(0)) one.reject(error);
  }

  [Symbol.dispose](): void {
    void this.#thread.terminate();
  }
}
