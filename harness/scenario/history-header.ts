// The first line of a scenario's history: what was planned, and on which zone.

import { evidenceKinds, type HistoryHeader, historyFormat } from "#history/event.ts";
import { judgedPartOf, referenceContract } from "#spec/contract/node-contract.ts";
import { defined } from "#base/defined.ts";
import type { TestedController } from "#spec/controller-image.ts";
import { type FaultSpec, nodesOf } from "#spec/faults.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { plannedFaults, plannedPeerFaults } from "#spec/scenario.ts";
import { defaultZoneSpec, type ZoneSpec } from "#spec/zone-spec.ts";
import type { ZonePlan } from "#topology/plan.ts";
import { planAddresses } from "#topology/plan-zone.ts";
import type { ScenarioJob } from "./scenario-job.ts";

/**
 * @param plans of the started zones; absent when no zone was started.
 * @param controller that the zones run instead of the reference one.
 */
export function headerOf(
  job: ScenarioJob,
  plans: { own?: ZonePlan; peer?: ZonePlan | undefined } = {},
  controller?: TestedController,
): HistoryHeader {
  const { scenario } = job;
  const { own, peer } = plans;
  return {
    format: historyFormat,
    suite: scenario.suite,
    scenario: scenario.name,
    repeat: job.repeat,
    seed: job.seed,
    entries: scenario.entries,
    ...(scenario.draw === undefined ? {} : { draw: scenario.draw }),
    plannedFaults: planned(plannedFaults(scenario)),
    zone: zoneFacts({ ...defaultZoneSpec, ...job.zone }, own),
    ...(peer
      ? { peer: { zone: zoneFacts(peer.spec, peer), plannedFaults: planned(plannedPeerFaults(scenario)) } }
      : {}),
    bounds: { ...job.bounds },
    evidence: evidenceKinds,
    ...(controller ? { controller } : {}),
    ...defined({ node: own && judgedPartOf(own.contract) }),
  };
}

/** The faults as a header names them. */
export function planned(faults: FaultSpec[]): HistoryHeader["plannedFaults"] {
  return faults.map((one) => ({ fault: one.fault, nodes: nodesOf(one), spec: one }));
}

function zoneFacts(spec: ZoneSpec, plan?: ZonePlan): HistoryHeader["zone"] {
  return {
    vip: plan?.vip ?? planAddresses(0).vip,
    rpcPort: (plan?.contract ?? referenceContract).ports.rpc,
    nodes: Object.fromEntries(nodeNames.map((name) => [name, nodeFacts(name, plan)])) as HistoryHeader["zone"]["nodes"],
    spec,
  };
}

function nodeFacts(name: NodeName, plan?: ZonePlan): HistoryHeader["zone"]["nodes"][NodeName] {
  const node = plan?.nodes[name];
  if (!node) return { zoneAddress: "" };
  return {
    zoneAddress: node.zoneAddress,
    ...(node.controlAddress ? { controlAddress: node.controlAddress } : {}),
    ...(node.peerAddress ? { peerAddress: node.peerAddress } : {}),
    ...(node.certificateFingerprint ? { certificate: node.certificateFingerprint } : {}),
  };
}
