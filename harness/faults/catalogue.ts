// Every fault by name; docs/faults.md is generated from here.

import type { FaultName } from "#spec/fault-spec.ts";
import { certificate } from "./certificate.ts";
import { kill, pause, reboot, stop } from "./container.ts";
import { cut } from "./cut.ts";
import type { Fault } from "./fault.ts";
import { linkDown } from "./link.ts";
import { power } from "./power.ts";
import { processFreeze, processKill } from "./process.ts";
import { storage } from "./storage.ts";
import { strayController } from "./stray-controller.ts";

export const faults: { [N in FaultName]: Fault<N> } = {
  kill,
  stop,
  power,
  pause,
  reboot,
  "process-kill": processKill,
  "process-freeze": processFreeze,
  "link-down": linkDown,
  cut,
  storage,
  certificate,
  "stray-controller": strayController,
};
