// Proves every recorded history, one thread a core: each history is changed and judged on its own.

import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type HistoriesProof, type Pair, proofOf, provenHistories } from "./prove-histories.ts";

/** What a thread is asked. It answers with the pairs of that history. */
export interface ThreadRequest {
  recording: string;
  only: readonly string[];
}

const thread = new URL("./prove-thread.ts", import.meta.url);

/** `only`: ids of entries; empty for all. `onRecording` is called before each history. */
export async function proveInThreads(
  only: readonly string[],
  onRecording: (name: string, share: number) => void = () => {},
): Promise<HistoriesProof> {
  const names = provenHistories().map(({ name }) => name);
  const pairs: Pair[][] = names.map(() => []);
  let next = 0;
  const lane = async () => {
    const worker = new Worker(thread);
    try {
      while (next < names.length) {
        const place = next;
        next += 1;
        onRecording(names[place]!, place / names.length);
        worker.postMessage({ recording: names[place]!, only } satisfies ThreadRequest);
        // A thread that throws emits an error, which rejects.
        [pairs[place]] = (await once(worker, "message")) as [Pair[]];
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), names.length) }, lane));
  return proofOf(pairs.flat(), only);
}
