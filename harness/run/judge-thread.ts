// The thread that judges a run's histories as they come in. A message in is a planned scenario, a message out is what
// the checkers found. It only reads files.

import { parentPort, workerData } from "node:worker_threads";
import { judgeScenario } from "./judge-folder.ts";
import { type PlannedScenario, readPlan } from "./plan.ts";

const { folder } = workerData as { folder: string };
const plan = readPlan(folder);

parentPort!.on("message", (planned: PlannedScenario) => {
  const { saved: _, ...judged } = judgeScenario(folder, planned, { run: plan });
  parentPort!.postMessage(judged);
});
