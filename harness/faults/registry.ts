// The implementation of every fault, by name. docs/faults.md is generated from here.

import type { FaultName, SpecOf } from "#spec/faults.ts";
import { certificate } from "./certificate.ts";
import { kill, pause, reboot, stop } from "./container.ts";
import { cut } from "./cut.ts";
import type { Fault } from "./fault.ts";
import { fourthServer } from "./fourth-server.ts";
import { factsDeleted } from "./facts-deleted.ts";
import { forgeControl } from "./forge-control.ts";
import { forgeVrrp } from "./forge-vrrp.ts";
import { linkDown } from "./link-down.ts";
import { outranked } from "./outranked.ts";
import { portTaken } from "./port-taken.ts";
import { power } from "./power.ts";
import { processFreeze, processKill } from "./process.ts";
import { rebuilt } from "./rebuilt.ts";
import { rot } from "./rot.ts";
import { serviceDown } from "./service-down.ts";
import { storage } from "./storage.ts";
import { vipAdded, vipRemoved } from "./vip.ts";
import { strayController } from "./stray-controller.ts";
import { wiped } from "./wiped.ts";

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
  "fourth-server": fourthServer,
  "vip-removed": vipRemoved,
  "vip-added": vipAdded,
  "service-down": serviceDown,
  "port-taken": portTaken,
  outranked,
  "forge-vrrp": forgeVrrp,
  "forge-control": forgeControl,
  "stray-controller": strayController,
  wiped,
  rebuilt,
  "facts-deleted": factsDeleted,
  rot,
};

/** The implementation that takes this spec. */
export function faultOf<Name extends FaultName>(spec: SpecOf<Name>): Fault<Name> {
  return faults[spec.fault];
}
