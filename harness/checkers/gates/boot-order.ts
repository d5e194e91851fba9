// GATE-7: no boot starts a controller. After each start of a node, the kernel shows its first listener after its first
// ownership of the VIP. While it is a standby it runs no controller, however shortly.

import type { HistoryView } from "#history/view.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { type Checker, counted, nsPerS, secondsOf } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { effectNs, loadEndNs, marksOf, touchNs } from "../queries/history-queries.ts";
import { noControllerWithoutVip } from "./listeners.ts";

/**
 * Longer than a program that starts at boot needs to listen. The reference node takes the VIP 5 s after an orderly
 * boot.
 */
const watchedMinS = 5;

/** A listener of a shorter life would not be seen. As for a cold start. */
const unseenMaxNs = 1.5 * nsPerS;

interface Boot {
  node: NodeName;
  /** How long it ran before the first look. */
  unseenNs: number | undefined;
  /** From the first look at the restarted node to the last one, or to the end of load. */
  fromNs: number;
  toNs: number;
}

export const neverAtBoot: Checker = {
  entry: "GATE-7",
  check(view) {
    const reboots = view.faults.filter((life) => life.fault === "reboot" && effectNs(life) < Infinity);
    if (reboots.length === 0) return rulingOf([undecided("a node was rebooted", "no node was")], {});
    const boots = reboots.flatMap((life) => life.nodes.map((node) => bootAssertion(view, node, touchNs(life))));
    const since = { fromNs: Math.min(...reboots.map(touchNs)), toNs: loadEndNs(view) };
    const processes = nodeNames.flatMap((node) => noControllerWithoutVip(view, node, since));
    return rulingOf([...boots, ...processes, ...watchedStandbys(view)], { boots: boots.length });
  },
};

/**
 * A controller that starts at boot and that its gates end lives for a tenth of a second. Only a watch sees it. A watch
 * of a node that may have had the VIP decides nothing.
 */
function watchedStandbys(view: HistoryView): Assertion[] {
  return marksOf(view, "watched").flatMap(({ event: { t, detail }, index }): Assertion[] => {
    const { node, fromNs, seen } = detail;
    const says = `${node} started no controller while it was a standby`;
    const hadVip = view.spans[node].owns.some((span) => span.earliestNs <= t && span.latestNs >= fromNs);
    if (hadVip) return [];
    const saw = `${counted(seen, "controller")} ran within ${secondsOf(t - fromNs)} s`;
    return [seen > 0 ? refuted(says, saw, [index]) : kept(says, { events: [index] })];
  });
}

function bootAssertion(view: HistoryView, node: NodeName, sinceNs: number): Assertion {
  const says = `${node} did not listen before it owned the VIP, after its reboot at ${secondsOf(sinceNs - view.firstNs)} s`;
  const boot = bootAfter(view, node, sinceNs);
  if (!boot) return undecided(says, "the restart of the node was not seen");
  const { fromNs, toNs } = boot;
  const unseen = unseenIn(boot);
  const listens = view.spans[node].listens.find((span) => span.fromNs >= fromNs && span.fromNs <= toNs);
  const owns = view.spans[node].owns.find((span) => span.fromNs >= fromNs && span.fromNs <= toNs);
  if (!listens) {
    if (unseen) return undecided(says, unseen);
    if (toNs - fromNs < watchedMinS * nsPerS)
      return undecided(says, `it was seen for only ${secondsOf(toNs - fromNs)} s`);
    return kept(says, { saw: "it never listened" });
  }
  const afterS = secondsOf(listens.fromNs - fromNs);
  if (!owns || listens.fromNs < owns.earliestNs)
    return refuted(says, `it listened ${afterS} s after its start and did not own the VIP`, listens.events);
  if (unseen) return undecided(says, unseen);
  if (listens.earliestNs < owns.fromNs) return undecided(says, "both came between the same two looks");
  return kept(says, { events: [owns.events[0], listens.events[0]] });
}

/** Why a listener may have been missed before the first look; empty when none was. */
function unseenIn({ unseenNs }: Boot): string {
  if (unseenNs === undefined) return "the time of its start is not known";
  return unseenNs > unseenMaxNs ? `it ran ${secondsOf(unseenNs)} s before the first look` : "";
}

/** The time after the node was down for the first time since then. */
function bootAfter(view: HistoryView, node: NodeName, sinceNs: number): Boot | undefined {
  const looks = view.observations[node].filter(({ event }) => event.t >= sinceNs);
  const down = looks.findIndex(({ event }) => !event.isAlive);
  if (down < 0) return undefined;
  const up = looks.findIndex(({ event }, place) => place > down && event.isAlive);
  if (up < 0) return undefined;
  const { t, startedNs } = looks[up]!.event;
  const next = looks.find(({ event }, place) => place > up && !event.isAlive);
  const unseenNs = startedNs === undefined ? undefined : t - startedNs;
  return { node, unseenNs, fromNs: t, toNs: next?.event.t ?? loadEndNs(view) };
}
