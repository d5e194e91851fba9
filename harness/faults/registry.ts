// The implementation of every fault, by name. docs/faults.md is generated from here.

import type { FaultName, SpecOf } from "#spec/faults.ts";
import { bootCut } from "./node/boot-cut.ts";
import { certificate } from "./certificate/certificate.ts";
import { kill, pause, reboot, stop } from "./node/container.ts";
import { cut } from "./network/cut.ts";
import type { Fault } from "./fault.ts";
import { fourthServer } from "./server/fourth-server.ts";
import { factsDeleted } from "./server/facts-deleted.ts";
import { forgeControl } from "./vrrp/forge-control.ts";
import { forgeVrrp } from "./vrrp/forge-vrrp.ts";
import { addressFlushed } from "./network/address-flushed.ts";
import { linkFlap } from "./network/link-flap.ts";
import { linkImpaired } from "./network/link-impaired.ts";
import { cpuLimit, memoryLimit } from "./resource/limits.ts";
import { diskFull, diskSlow } from "./resource/disk.ts";
import { leaderStepDown } from "./server/leader-step-down.ts";
import { vipClaimed } from "./vrrp/vip-claimed.ts";
import { linkDown } from "./network/link-down.ts";
import { outranked } from "./vrrp/outranked.ts";
import { portTaken } from "./process/port-taken.ts";
import { packetFilter } from "./network/packet-filter.ts";
import { power } from "./node/power.ts";
import { processFreeze, processKill } from "./process/signal.ts";
import { keepalivedReload } from "./process/reload.ts";
import { rebuilt } from "./node/rebuilt.ts";
import { rot } from "./storage/rot.ts";
import { serviceDown } from "./server/service-down.ts";
import { storage } from "./storage/storage.ts";
import { vipAdded, vipRemoved } from "./vrrp/vip.ts";
import { strayController } from "./process/stray-controller.ts";
import { wiped } from "./node/wiped.ts";

export const faults: { [N in FaultName]: Fault<N> } = {
  kill,
  stop,
  power,
  pause,
  reboot,
  "boot-cut": bootCut,
  "process-kill": processKill,
  "process-freeze": processFreeze,
  "keepalived-reload": keepalivedReload,
  "cpu-limit": cpuLimit,
  "memory-limit": memoryLimit,
  "disk-full": diskFull,
  "disk-slow": diskSlow,
  "link-down": linkDown,
  cut,
  "packet-filter": packetFilter,
  "link-impaired": linkImpaired,
  "link-flap": linkFlap,
  "address-flushed": addressFlushed,
  "vip-claimed": vipClaimed,
  "leader-step-down": leaderStepDown,
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
