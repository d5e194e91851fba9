// Faults that a gate of the controller names: storage, certificate, port, VIP. Pure.

import { isServiceNode, type NodeName } from "#spec/node.ts";
import type { CertificateWay, FaultSpec, StorageWay } from "#spec/faults.ts";
import type { Timeline, TimedSign } from "../timeline/timeline.ts";
import { type Proposal, startBetween } from "./proposal.ts";

interface GateRule {
  gate: RegExp;
  /** What a closed gate of these words speaks of; undefined when it is only the effect of something else. */
  fault(why: string, node: NodeName): { spec: FaultSpec; alternatives: string[] } | undefined;
}

const storageWays: readonly [RegExp, StorageWay][] = [
  [/ENOSPC|no space/i, "full"],
  [/EROFS|read-?only/i, "read-only"],
  [/EIO|input\/output|i\/o error/i, "eio"],
  [/ENOENT|no such file|not found/i, "gone"],
];

const certificateWays: readonly [RegExp, CertificateWay][] = [
  [/expired/i, "expired"],
  [/not (?:yet )?valid (?:before|yet)|not valid before/i, "not-yet-valid"],
  [/days left/i, "short"],
  [/not issued by|unknown authority|issuer/i, "wrong-ca"],
  [/does not belong|key mismatch|wrong key/i, "wrong-key"],
  [/identity|hostname|subject/i, "wrong-identity"],
];

function wayOf<Way extends string>(why: string, ways: readonly [RegExp, Way][]): { way: Way; others: string[] } {
  const found = ways.find(([pattern]) => pattern.test(why));
  if (found) return { way: found[1], others: [] };
  const [first, ...rest] = ways.map(([, way]) => way);
  return { way: first!, others: rest };
}

const gateRules: readonly GateRule[] = [
  {
    gate: /\bstorage: ([^;]+)/i,
    fault: (why, node) => {
      const { way, others } = wayOf(why, storageWays);
      return { spec: { fault: "storage", node, way }, alternatives: others.map((other) => `storage ${other}`) };
    },
  },
  {
    gate: /\bcertificate: ([^;]+)/i,
    fault: (why, node) => {
      const { way, others } = wayOf(why, certificateWays);
      return { spec: { fault: "certificate", node, way }, alternatives: others.map((other) => `certificate ${other}`) };
    },
  },
  {
    gate: /\bbind (?:failed: ?)?([^;]*EADDRINUSE[^;]*)/i,
    fault: (_, node) => ({ spec: { fault: "port-taken", node }, alternatives: [] }),
  },
  {
    gate: /(peer is active and VRRP does not reach it)/i,
    fault: () => ({
      spec: { fault: "cut", node: "alpha", peers: ["beta"], segments: ["control"], direction: "both" },
      alternatives: ["a filter for VRRP (IP protocol 112) alone", "keepalived frozen on the active node"],
    }),
  },
  {
    gate: /(the VIP was removed|the VIP is not here)/i,
    fault: (_, node) => ({
      spec: { fault: "vip-removed", node },
      alternatives: ["keepalived on the node removed the VIP itself"],
    }),
  },
];

/** The reference node checks a gate twice a second; other controllers, every few seconds. */
const noticedMs = 700;
const noticedMaxMs = 10_000;

export function gateFaults({ logs, signs }: Timeline): Proposal[] {
  return logs.flatMap(({ node }) => {
    const own = signs.filter((one) => one.node === node && (one.sign.kind === "gate" || one.sign.kind === "gate-open"));
    return isServiceNode(node) ? gateRules.flatMap((rule) => spansOf(rule, own, node)) : [];
  });
}

/** Said by a node that has just started. */
const notChecked = /not (?:yet )?(?:checked|connected)/i;

/** A node that demotes says for a moment only that it does. */
const sameSpanMs = 3_000;

/** From the first line with the gate to the first one without it. */
function spansOf(rule: GateRule, own: readonly TimedSign[], node: NodeName): Proposal[] {
  const found: Proposal[] = [];
  let open: Proposal | undefined;
  for (const seen of own) {
    const match = seen.sign.kind === "gate" ? rule.gate.exec(seen.sign.gates) : null;
    if (!match || notChecked.test(match[0])) {
      if (open) open.untilMs = seen.atMs;
      if (open) open.lines.push(seen);
      open = undefined;
      continue;
    }
    const told = rule.fault(match[1]!, node);
    const last = found.at(-1);
    if (!open && last?.untilMs !== undefined && seen.atMs - last.untilMs < sameSpanMs) {
      delete last.untilMs;
      open = last;
    }
    if (open) open.lines.push(seen);
    if (open || !told) continue;
    open = {
      fault: told.spec,
      ...startBetween(seen.atMs - noticedMs, seen.atMs - noticedMaxMs, seen.atMs),
      confidence: told.alternatives.length > 0 ? "weak" : "fair",
      because: [`the controller's gate on ${node} says "${match[0].trim()}"`],
      alternatives: told.alternatives,
      lines: [seen],
    };
    found.push(open);
  }
  return found;
}
