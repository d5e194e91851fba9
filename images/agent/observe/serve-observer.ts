// Role "observe": the observer's end of the stream to the harness. The loop runs in its own thread, see look-loop.ts.

import { Worker } from "node:worker_threads";
import { Outlet } from "../role/outlet.ts";
import { serve } from "../role/serve.ts";
import { raiseLookThread } from "./real-time.ts";
import type { LoopMessage, LoopStart, Watching } from "./look-loop.ts";

export function serveObserver(): void {
  const outlet = new Outlet();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const waiting: ((reply: Watching) => void)[] = [];
  const loop = new Worker(process.argv[1]!, { argv: ["look-loop"], workerData: { bell } satisfies LoopStart });
  loop.on("message", (message: LoopMessage) => {
    if ("thread" in message) return raiseLookThread(message.thread);
    if ("event" in message) return outlet.event(message.event);
    waiting.shift()?.(message);
  });
  loop.on("error", (error) => {
    process.stderr.write(`the observer ended: ${error.stack ?? error.message}\n`);
    outlet.end();
    process.exit(1);
  });
  serve("observe", outlet, {
    watch: (request) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        loop.postMessage(request);
        Atomics.store(bell, 0, 1);
        Atomics.notify(bell, 0);
      }),
  });
}
