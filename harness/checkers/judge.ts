// From one history to its findings, and from the findings of all scenarios to one verdict an entry. The order
// never changes: assumptions first, then the checkers that the plan names; a checker that throws is `unknown`.

import { messageOf } from "#base/errors.ts";
import type { History } from "#history/event.ts";
import { type PeerView, peerViewOf } from "#history/peer.ts";
import { type HistoryView, viewOf } from "#history/view.ts";
import type { CatalogueEntry } from "#spec/catalogue.ts";
import { type EntryVerdict, type Finding, mergedVerdict, worstOf } from "#spec/verdict.ts";
import { acknowledgedFacts } from "./acknowledged-facts.ts";
import { unmetAssumptions } from "./assumptions.ts";
import { bitFlip, tailCut } from "./beyond/disk-rot.ts";
import { unevenLoss } from "./beyond/uneven-loss.ts";
import { betaSilent, firstOwner } from "./bootstrap/first-owner.ts";
import { gammaLast, startOrder } from "./bootstrap/start-order.ts";
import { startedByKeepalived } from "./bootstrap/started-by-keepalived.ts";
import { staticMembership } from "./bootstrap/static-membership.ts";
import type { Checker, Ruling } from "./checker.ts";
import { dualActive } from "./dual-active.ts";
import { failoverTime } from "./failover-time.ts";
import { alphaFails, alphaIsolated } from "./failure/active-node-fails.ts";
import { bothServiceNodesFail } from "./failure/both-service-nodes-fail.ts";
import { betaFails, gammaFails, gammaIsolated } from "./failure/other-node-fails.ts";
import { certificateShort, storageUnavailable } from "./failure/promotion-denied.ts";
import { figuresOf } from "./figures.ts";
import { criticalLosesNothing, standardLosesTheTail } from "./durability/all-lose-power.ts";
import { criticalFlushes, standardFlushes } from "./durability/flush-settings.ts";
import { price } from "./durability/latency-cost.ts";
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
import { artifactLandsLocally, artifactNotReplicated } from "./storage/artifact-place.ts";
import { comesBackFromPeer } from "./storage/comes-back.ts";
import { crossesByRpcOnly } from "./storage/exchange.ts";
import { noSharedStorage } from "./storage/shared-mounts.ts";
import { deniedWithoutJetstream } from "./mechanics/denied-without-jetstream.ts";
import { transitionsDrive } from "./mechanics/transitions-drive.ts";
import { vipOwner as keepalivedOwnsVip } from "./mechanics/vip-owner.ts";
import { gateCheckers } from "./gates/index.ts";
import { badCertificates, mutualTls } from "./security/client-certificates.ts";
import { forgedAdverts } from "./security/forged-vrrp.ts";
import { certificateRotation } from "./security/rotation.ts";
import { approvedSuites } from "./security/suites.ts";
import { newestVersion, oldVersions } from "./security/versions.ts";
import { vrrpHidden, vrrpUnicast } from "./security/vrrp-traffic.ts";
import { monitorCheckers } from "./monitoring/monitors.ts";
import { noPointInTime, snapshotRestored } from "./recovery/restored-snapshot.ts";
import { diskReplaced, nodeRebuilt } from "./recovery/returned-node.ts";
import { zoneRebuilt } from "./recovery/zone-rebuilt.ts";

/** Every checker there is, one an entry. */
export const checkers: readonly Checker[] = [
  dualActive,
  acknowledgedFacts,
  failoverTime,
  alphaFails,
  betaFails,
  gammaFails,
  bothServiceNodesFail,
  alphaIsolated,
  gammaIsolated,
  storageUnavailable,
  certificateShort,
  alphaServes,
  betaStandsBy,
  gammaVotes,
  loopbackOnly,
  routeMesh,
  vrrpOnControl,
  vipOwner,
  artifactLandsLocally,
  artifactNotReplicated,
  noSharedStorage,
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
  price,
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
  ...gateCheckers,
  oldVersions,
  newestVersion,
  badCertificates,
  approvedSuites,
  certificateRotation,
  vrrpHidden,
  vrrpUnicast,
  forgedAdverts,
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

/** A scenario that the plan names; what ran must equal it. */
export interface PlannedScenario {
  scenario: string;
  repeat: number;
  entries: readonly string[];
}

/** The findings over one history. */
export interface JudgedScenario {
  scenario: string;
  repeat: number;
  /** Path of the history inside the evidence folder. */
  history: string;
  findings: Finding[];
}

/** Findings of one history, one for each entry that its header names, in that order. */
export function judge(history: History, known: readonly Checker[] = checkers): Finding[] {
  const view = viewOf(history);
  const peer = peerViewOf(view);
  const unmet = guarded(() => [
    ...unmetAssumptions(view),
    ...(peer ? unmetAssumptions(peer.view).map((one) => `in the peer zone: ${one}`) : []),
  ]);
  return [...new Set(history.header.entries)].map((entry) => {
    const checker = known.find((one) => one.entry === entry);
    if (!checker) return unknown(entry, "no checker decides this entry");
    const ruling = ruled(checker, view);
    const both = peer && everyZone.has(entry) ? worseOf(ruling, ruled(checker, peer.view), peer) : ruling;
    return weighed(entry, both, unmet);
  });
}

/** What holds of each zone of a pair by itself. */
const everyZone = new Set(["DUAL-0", "DUR-6"]);

/** The ruling on both zones of a pair: the worse one, in the zone it was found in. */
function worseOf(own: Ruling, its: Ruling, { indexOf }: PeerView): Ruling {
  const measured = { ...own.measured, inPeerZone: its.measured };
  if (its.verdict === own.verdict || worstOf([own.verdict, its.verdict]) === own.verdict) return { ...own, measured };
  const because = `in the peer zone: ${its.because}`;
  return { ...its, because, measured, events: its.events.map(indexOf) };
}

/**
 * One verdict for each of `entries`, in their order: the worst of what the scenarios found.
 * A planned scenario without findings and a finding without a plan are both `unknown`, so nothing is green by absence.
 */
export function mergeFindings(
  entries: readonly CatalogueEntry[],
  judged: readonly JudgedScenario[],
  planned?: readonly PlannedScenario[],
): EntryVerdict[] {
  const all = planned ? [...judged.map((one) => unplannedAside(one, planned)), ...missing(judged, planned)] : judged;
  return entries.map((entry) => {
    const scenarios = all.flatMap(({ scenario, repeat, history, findings }) =>
      findings
        .filter((finding) => finding.entry === entry.id)
        .map((finding) => ({ ...finding, scenario, repeat, history })),
    );
    const merged = mergedVerdict(scenarios);
    return {
      id: entry.id,
      slug: entry.slug,
      section: entry.section,
      ...(entry.decide === undefined ? {} : { decide: entry.decide }),
      ...merged,
      promise: entry.says,
      because: sumOf(merged, scenarios),
      measured: figuresOf(entry.id, scenarios),
      scenarios,
    };
  });
}

function ruled(checker: Checker, view: HistoryView): Ruling {
  try {
    return checker.check(view);
  } catch (thrown) {
    const because = `the checker itself failed: ${messageOf(thrown)}`;
    return { verdict: "unknown", because, measured: {}, events: [], rests: "absent" };
  }
}

/** A ruling in the light of the run's assumptions: only what was seen of the wrong itself outlives an unmet one. */
function weighed(entry: string, ruling: Ruling, unmet: readonly string[]): Finding {
  const { rests, ...finding } = ruling;
  const first = unmet[0];
  if (first === undefined || (finding.verdict === "broken" && rests === "seen")) return { entry, ...finding };
  if (finding.verdict === "not-applicable") return { entry, ...finding };
  const because = finding.verdict === "unknown" ? `${first}; besides, ${finding.because}` : first;
  return { entry, ...finding, verdict: "unknown", because, measured: { ...finding.measured, unmet: [...unmet] } };
}

function guarded(look: () => string[]): string[] {
  try {
    return look();
  } catch (thrown) {
    return [`the assumptions could not be looked at: ${messageOf(thrown)}`];
  }
}

function unplannedAside(judged: JudgedScenario, planned: readonly PlannedScenario[]): JudgedScenario {
  const plan = planned.find((one) => isSame(one, judged));
  const findings = judged.findings.map((finding) =>
    plan?.entries.includes(finding.entry) || finding.verdict === "broken"
      ? finding
      : {
          ...finding,
          verdict: "unknown" as const,
          because: `the plan does not hold ${finding.entry} in ${judged.scenario} #${judged.repeat}`,
        },
  );
  const said = new Set(judged.findings.map((finding) => finding.entry));
  const unsaid = (plan?.entries ?? []).filter((entry) => !said.has(entry));
  return {
    ...judged,
    findings: [...findings, ...unsaid.map((entry) => unknown(entry, "planned here, and the history does not name it"))],
  };
}

function missing(judged: readonly JudgedScenario[], planned: readonly PlannedScenario[]): JudgedScenario[] {
  return planned
    .filter((plan) => !judged.some((one) => isSame(plan, one)))
    .map(({ scenario, repeat, entries }) => ({
      scenario,
      repeat,
      history: "",
      findings: entries.map((entry) => unknown(entry, `${scenario} #${repeat} was planned and left no history`)),
    }));
}

function isSame(a: { scenario: string; repeat: number }, b: { scenario: string; repeat: number }): boolean {
  return a.scenario === b.scenario && a.repeat === b.repeat;
}

function sumOf(
  { verdict, waived }: Pick<EntryVerdict, "verdict" | "waived">,
  scenarios: EntryVerdict["scenarios"],
): string {
  if (scenarios.length === 0) return "no scenario ran that decides it";
  // Of several broken runs, the words of one that is not waived: that is the one to look at.
  const alike = scenarios.filter((one) => one.verdict === verdict && (waived !== undefined || !one.waived));
  const first = alike[0]!;
  if (verdict === "kept" && scenarios.length > 1)
    return `kept in ${alike.length} of ${scenarios.length} runs; in ${first.scenario} #${first.repeat}: ${first.because}`;
  const share = scenarios.length > 1 ? ` (${alike.length} of ${scenarios.length} runs)` : "";
  return `${first.scenario} #${first.repeat}: ${first.because}${share}`;
}

function unknown(entry: string, because: string): Finding {
  return { entry, verdict: "unknown", because, measured: {}, events: [] };
}
