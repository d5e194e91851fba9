// All checkers: one for each entry of the catalogue. A new checker is one line here, and its import.

import type { Checker } from "./checker.ts";
import { acknowledgedFacts } from "./always-on/acknowledged-facts.ts";
import { cursorsAsConfirmed } from "./always-on/cursors.ts";
import { otherPayload } from "./always-on/other-payload.ts";
import { servedFacts } from "./always-on/served-facts.ts";
import { bitFlip, tailCut } from "./beyond/disk-rot.ts";
import { unevenLoss } from "./beyond/uneven-loss.ts";
import { betaSilent, firstOwner } from "./bootstrap/first-owner.ts";
import { gammaLast, startOrder } from "./bootstrap/start-order.ts";
import { startedByKeepalived } from "./bootstrap/started-by-keepalived.ts";
import { staticMembership } from "./bootstrap/static-membership.ts";
import { dualActive } from "./always-on/dual-active.ts";
import { failoverTime } from "./always-on/failover-time.ts";
import { alphaFails, alphaIsolated } from "./failure/active-node-fails.ts";
import { alphaAlone, betaAlone } from "./failure/alone.ts";
import { bothServiceNodesFail } from "./failure/both-service-nodes-fail.ts";
import { betaFails, gammaFails, gammaIsolated } from "./failure/other-node-fails.ts";
import { certificateShort, storageUnavailable } from "./failure/promotion-denied.ts";
import { criticalLosesNothing, standardLosesTheTail } from "./durability/all-lose-power.ts";
import { criticalFlushes, standardFlushes } from "./durability/flush-settings.ts";
import { latencyCost } from "./durability/latency-cost.ts";
import { quorumBeforeAnswer } from "./durability/withheld.ts";
import { consumerReplicas, streamReplicas, threeVoters } from "./durability/replication.ts";
import { artifactsOutside } from "./invariants/artifact-in-streams.ts";
import { leadership } from "./invariants/leadership.ts";
import { oneFailure } from "./invariants/one-failure.ts";
import { noScheduler, noSharedStorageEver, quorumBackedEver } from "./invariants/throughout.ts";
import { loopbackOnly } from "./network/loopback-only.ts";
import { routeMesh } from "./network/route-mesh.ts";
import { vipOwner } from "./network/vip-owner.ts";
import { vrrpOnControl } from "./network/vrrp-segment.ts";
import { alphaServes, betaStandsBy, gammaVotes } from "./roles/node-roles.ts";
import { gammaCarriesLess } from "./roles/light-duty.ts";
import { artifactLandsLocally, artifactNotReplicated } from "./storage/artifact-place.ts";
import { comesBackFromPeer } from "./storage/comes-back.ts";
import { backFromBackup } from "./storage/from-backup.ts";
import { writesStay } from "./storage/storage-marks.ts";
import { crossesByRpcOnly } from "./storage/exchange.ts";
import { noSharedStorage } from "./storage/shared-mounts.ts";
import { deniedWithoutJetstream } from "./mechanics/denied-without-jetstream.ts";
import { noPreemption } from "./mechanics/no-preemption.ts";
import { transitionsDrive } from "./mechanics/transitions-drive.ts";
import { vipOwner as keepalivedOwnsVip } from "./mechanics/vip-owner.ts";
import { gateCheckers } from "./gates/index.ts";
import { badCertificates, mutualTls } from "./security/client-certificates.ts";
import { forgedAdverts, peerNeverSplits, foreignControlIgnored } from "./security/forged-vrrp.ts";
import { foreignCallersRefused } from "./security/callers.ts";
import { sslRefused } from "./security/hellos.ts";
import { certificateRotation } from "./security/rotation.ts";
import { approvedSuites } from "./security/suites.ts";
import { newestVersion, oldVersions } from "./security/versions.ts";
import { vrrpHidden, vrrpUnicast } from "./security/vrrp-traffic.ts";
import { monitorCheckers } from "./monitoring/monitors.ts";
import { noPointInTime, snapshotRestored } from "./recovery/restored-snapshot.ts";
import { diskReplaced, nodeRebuilt } from "./recovery/returned-node.ts";
import { zoneRebuilt } from "./recovery/zone-rebuilt.ts";

/** All checkers: one for each entry of the catalogue. */
export const checkers: readonly Checker[] = [
  dualActive,
  acknowledgedFacts,
  servedFacts,
  cursorsAsConfirmed,
  otherPayload,
  failoverTime,
  alphaFails,
  betaFails,
  gammaFails,
  bothServiceNodesFail,
  alphaIsolated,
  gammaIsolated,
  storageUnavailable,
  certificateShort,
  betaAlone,
  alphaAlone,
  alphaServes,
  betaStandsBy,
  gammaVotes,
  gammaCarriesLess,
  loopbackOnly,
  routeMesh,
  vrrpOnControl,
  vipOwner,
  artifactLandsLocally,
  artifactNotReplicated,
  noSharedStorage,
  writesStay,
  backFromBackup,
  crossesByRpcOnly,
  zoneRebuilt,
  comesBackFromPeer,
  streamReplicas,
  consumerReplicas,
  threeVoters,
  standardFlushes,
  criticalFlushes,
  criticalLosesNothing,
  standardLosesTheTail,
  latencyCost,
  quorumBeforeAnswer,
  noSharedStorageEver,
  noScheduler,
  oneFailure,
  leadership,
  quorumBackedEver,
  artifactsOutside,
  staticMembership,
  startOrder,
  gammaLast,
  startedByKeepalived,
  firstOwner,
  betaSilent,
  keepalivedOwnsVip,
  transitionsDrive,
  deniedWithoutJetstream,
  noPreemption,
  ...gateCheckers,
  oldVersions,
  newestVersion,
  badCertificates,
  approvedSuites,
  certificateRotation,
  vrrpHidden,
  vrrpUnicast,
  forgedAdverts,
  foreignControlIgnored,
  peerNeverSplits,
  sslRefused,
  foreignCallersRefused,
  mutualTls,
  ...monitorCheckers,
  diskReplaced,
  nodeRebuilt,
  snapshotRestored,
  noPointInTime,
  bitFlip,
  tailCut,
  unevenLoss,
];
