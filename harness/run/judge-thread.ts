// The thread in which a run judges its histories as they come in. Questions are planned scenarios, answers what the
// checkers found; it reads files and nothing else.

import { parentPort, workerData } from "node:worker_threads";
import { judgeScenario } from "./judge-folder.ts";
import { type PlannedScenario, readPlan } from "./plan.ts";

const { folder } = workerData as { folder: string };
const plan = readPlan(folder);

parentPort!.on("message", (planned: PlannedScenario) => {
  const { saved: _, ...judged } = judgeScenario(folder, planned, plan);
  parentPort!.postMessage(judged);
});
