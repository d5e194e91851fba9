// Judges one history: the assumptions first, then the checker of each entry that its header names. A checker that
// throws makes its entry unknown. Entries that are asked everywhere are asked too; a violation that they saw counts.

import { messageOf } from "#base/errors.ts";
import type { History } from "#history/event.ts";
import { type PeerView, peerViewOf } from "#history/peer.ts";
import { type HistoryView, viewOf } from "#history/view.ts";
import { type Finding, worstOf } from "#spec/verdict.ts";
import { unmetAssumptions } from "./assumptions.ts";
import { firstProgram, whyUndecided } from "./by-hand/undecided.ts";
import { askedEverywhere } from "./asked-everywhere.ts";
import type { Checker, Ruling } from "./checker.ts";
import { checkers } from "./registry.ts";

/** One finding for each entry that the header names, in that order; then the violations that were seen of others. */
export function judge(history: History, known: readonly Checker[] = checkers): Finding[] {
  const view = viewOf(history);
  const peer = peerViewOf(view);
  const unmet = unmetIn(view, peer);
  const named = [...new Set(history.header.entries)];
  const findings = named.map((entry) => {
    const checker = known.find((one) => one.entry === entry);
    const undecided = history.header.byHand ? whyUndecided(entry, view) : undefined;
    if (!checker) return unknownFinding(entry, undecided ?? "no checker decides this entry");
    const isOnlySeen = undecided !== undefined;
    if (isOnlySeen && !askedEverywhere.has(entry)) return unknownFinding(entry, undecided);
    const ruling = rulingOverZones(checker, view, peer);
    if (isOnlySeen && !isViolationSeen(ruling)) return unknownFinding(entry, undecided);
    return weighed(entry, ruling, unmet);
  });
  const others = known.filter(({ entry }) => askedEverywhere.has(entry) && !named.includes(entry));
  const violations = others.flatMap((checker) => {
    const ruling = rulingOverZones(checker, view, peer);
    return isViolationSeen(ruling) ? weighed(checker.entry, ruling, unmet) : [];
  });
  return [...findings, ...violations].map((one) => afterProgram(one, view));
}

/** A person ran a program inside a node. It may have done what was seen later, so nothing later is broken. */
function afterProgram(finding: Finding, view: HistoryView): Finding {
  const program = finding.verdict === "broken" ? firstProgram(view) : undefined;
  if (!program) return finding;
  const stamps = finding.events.map((index) => view.history.events.at(index)?.t ?? Infinity);
  if (stamps.length > 0 && Math.max(...stamps) < program.t) return finding;
  const { node, command } = program.detail;
  return {
    ...finding,
    verdict: "unknown",
    because: `after "${command}" was run by hand in ${node}: ${finding.because}`,
  };
}

export function unknownFinding(entry: string, because: string): Finding {
  return { entry, verdict: "unknown", because, measured: {}, events: [] };
}

function unmetIn(view: HistoryView, peer: PeerView | undefined): string[] {
  try {
    const inPeerZone = peer ? unmetAssumptions(peer.view) : [];
    return [...unmetAssumptions(view), ...inPeerZone.map((one) => `in the peer zone: ${one}`)];
  } catch (thrown) {
    return [`the assumptions of the run could not be checked: ${messageOf(thrown)}`];
  }
}

function rulingBy(checker: Checker, view: HistoryView): Ruling {
  try {
    return checker.check(view);
  } catch (thrown) {
    const because = `the checker itself failed: ${messageOf(thrown)}`;
    return { verdict: "unknown", because, measured: {}, events: [], rests: "absent" };
  }
}

/** Entries that each zone of a pair must keep by itself. */
const everyZone = new Set(["DUAL-0", "DUR-6", "RPC-1", "RPC-2", "RPC-3"]);

/** The peer zone may lack the evidence for an entry that is asked everywhere. Then only a violation counts. */
function rulingOverZones(checker: Checker, view: HistoryView, peer: PeerView | undefined): Ruling {
  const own = rulingBy(checker, view);
  const { entry } = checker;
  if (!peer || !(everyZone.has(entry) || askedEverywhere.has(entry))) return own;
  const its = rulingBy(checker, peer.view);
  return everyZone.has(entry) || isViolationSeen(its) ? worseOf(own, its, peer) : own;
}

function isViolationSeen({ verdict, rests }: Ruling): boolean {
  return verdict === "broken" && rests === "seen";
}

/** The ruling over both zones of a pair: the worse of the two. */
function worseOf(own: Ruling, its: Ruling, { indexOf }: PeerView): Ruling {
  const measured = { ...own.measured, inPeerZone: its.measured };
  if (its.verdict === own.verdict || worstOf([own.verdict, its.verdict]) === own.verdict) return { ...own, measured };
  const because = `in the peer zone: ${its.because}`;
  return { ...its, because, measured, events: its.events.map(indexOf) };
}

/** An unmet assumption makes a ruling unknown, unless it is broken and the wrong itself was seen. */
function weighed(entry: string, ruling: Ruling, unmet: readonly string[]): Finding {
  const { rests: _, ...finding } = ruling;
  const first = unmet[0];
  if (first === undefined || isViolationSeen(ruling)) return { entry, ...finding };
  if (finding.verdict === "not-applicable") return { entry, ...finding };
  const because = finding.verdict === "unknown" ? `${first}; also, ${finding.because}` : first;
  return { entry, ...finding, verdict: "unknown", because, measured: { ...finding.measured, unmet: [...unmet] } };
}
