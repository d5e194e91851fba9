// A thread of `prove --histories`: one recorded history at a time.

import { parentPort } from "node:worker_threads";
import { pairsOf } from "./prove-histories.ts";
import type { ThreadRequest } from "./prove-in-threads.ts";

parentPort!.on("message", ({ recording, only }: ThreadRequest) => {
  parentPort!.postMessage(pairsOf(recording, only));
});
