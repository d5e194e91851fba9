// Every change. A new change is one object in a file of changes/.

import type { Change } from "./change.ts";
import { advertChanges } from "./changes/adverts.ts";
import { factChanges } from "./changes/facts.ts";
import { handshakeChanges } from "./changes/handshakes.ts";
import { inspectionChanges } from "./changes/inspections.ts";
import { monitorChanges } from "./changes/monitors.ts";
import { ownershipChanges } from "./changes/ownership.ts";
import { premiseChanges } from "./changes/premises.ts";
import { readChanges } from "./changes/reads.ts";
import { recoveryChanges } from "./changes/recovery.ts";
import { serverChanges } from "./changes/servers.ts";
import { serviceChanges } from "./changes/service.ts";
import { settingChanges } from "./changes/settings.ts";
import { standbyChanges } from "./changes/standby.ts";
import { storeChanges } from "./changes/stores.ts";
import { imageControllerChanges } from "./changes/image-controller.ts";
import { timingChanges } from "./changes/timing.ts";
import { windowChanges } from "./changes/windows.ts";

export const changes: readonly Change[] = [
  ...serviceChanges,
  ...readChanges,
  ...factChanges,
  ...ownershipChanges,
  ...standbyChanges,
  ...inspectionChanges,
  ...serverChanges,
  ...settingChanges,
  ...handshakeChanges,
  ...advertChanges,
  ...timingChanges,
  ...imageControllerChanges,
  ...windowChanges,
  ...monitorChanges,
  ...storeChanges,
  ...recoveryChanges,
  ...premiseChanges,
];
