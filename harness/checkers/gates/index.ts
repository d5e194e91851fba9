// The checkers of the suite "gates", in the order of the catalogue.

import type { Checker } from "../checker.ts";
import { neverAtBoot } from "./boot-order.ts";
import { cannotBind, startBehindGates } from "./by-hand.ts";
import { certificateGood, jetstreamReachable, quorumPresent, storageAvailable, vipHeld } from "./gates.ts";
import { listensOnVipOnly } from "./listeners.ts";
import { bindSucceeds } from "./port-taken.ts";
import { promotionAlone } from "./restarts.ts";
import { transitionsStop } from "./transitions.ts";

export const gateCheckers: readonly Checker[] = [
  vipHeld,
  jetstreamReachable,
  quorumPresent,
  storageAvailable,
  certificateGood,
  bindSucceeds,
  neverAtBoot,
  transitionsStop,
  listensOnVipOnly,
  startBehindGates,
  cannotBind,
  promotionAlone,
];
