// INV-1, INV-2 and INV-5: properties of the steady zone that also hold during a fault. Every round of inspections
// decides, for the nodes that are up in it.

import { endOf } from "#history/local-address.ts";
import type { InspectedProcess } from "#history/event.ts";
import type { HistoryView } from "#history/view.ts";
import { distributedScheduler, schedulerPorts } from "#spec/contract/host-programs.ts";
import { nodeNames } from "#spec/node.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { consumersTripled, exactlyThree, streamsTripled } from "../durability/replication.ts";
import { allowedSettings, storesOnDisk } from "../durability/store-settings.ts";
import { collects } from "../queries/evidence.ts";
import { namesPrograms, unknownProgram } from "./known-programs.ts";
import { type Round, roundsOf, wholeRounds } from "../queries/inspection-rounds.ts";
import { neverSeen, sharesNothing } from "../storage/shared-mounts.ts";

/** No shared storage. */
export const noSharedStorageEver: Checker = {
  entry: "INV-1",
  check(view) {
    const rounds = roundsOf(view).filter(({ inspections }) => inspections.size > 1);
    const assertions = wholeRounds(view).length > 0 ? rounds.map(sharesNothing) : [neverSeen];
    return rulingOf(assertions, { rounds: rounds.length });
  },
};

/** Durable message state is quorum-backed. */
export const quorumBackedEver: Checker = {
  entry: "INV-5",
  check(view) {
    const rounds = roundsOf(view).filter(({ servers }) => servers.size > 1);
    const assertions = rounds.flatMap((round) => [
      streamsTripled(round),
      consumersTripled(view, round),
      exactlyThree(round),
    ]);
    for (const round of roundsOf(view).filter(({ inspections, servers }) => inspections.size + servers.size > 0))
      assertions.push(...allowedSettings(view, round), ...storesOnDisk(view, round));
    if (wholeRounds(view).length === 0)
      assertions.push(undecided("durable message state is quorum-backed", "no round asked all three servers"));
    return rulingOf(assertions, { rounds: rounds.length });
  },
};

/** No Kubernetes and no distributed scheduler. */
export const noScheduler: Checker = {
  entry: "INV-2",
  check(view) {
    const rounds = roundsOf(view);
    const assertions = nodeNames.flatMap((name) => [
      runsNoScheduler(rounds, view, name),
      ...runsKnownPrograms(rounds, view, name),
    ]);
    const processes = [...(rounds[0]?.inspections.values() ?? [])].map(({ event }) => [
      event.node,
      event.processes.length,
    ]);
    return rulingOf(assertions, { processes: Object.fromEntries(processes) });
  },
};

/** What is no program of the node may schedule, forward, or be a second controller. */
function runsKnownPrograms(rounds: readonly Round[], view: HistoryView, name: (typeof nodeNames)[number]): Assertion[] {
  const says = `${name} runs nothing but the programs of a node`;
  if (!collects(view, "programs")) return [];
  const looks = rounds.flatMap(({ inspections }) => inspections.get(name) ?? []);
  for (const { event, index } of looks) {
    if (!namesPrograms(event)) return [undecided(says, `an inspection of ${name} names no program file`)];
    const unknown = unknownProgram(event, view.history.header);
    // What a node of another vendor runs in addition is no proof of a scheduler. It is known once its profile names it.
    if (unknown && view.history.header.node)
      return [undecided(says, `${unknown}, which node.programs.others of the profile does not name`)];
    if (unknown) return [refuted(says, unknown, [index])];
  }
  return looks.length > 0
    ? [kept(says, { events: looks.map(({ index }) => index) })]
    : [undecided(says, `no inspection shows ${name}`)];
}

function schedules({ name, argv }: InspectedProcess): boolean {
  return [name, ...argv.slice(0, 1).map((path) => path.split("/").at(-1) ?? "")].some((word) =>
    distributedScheduler.test(word),
  );
}

function runsNoScheduler(rounds: readonly Round[], view: HistoryView, name: (typeof nodeNames)[number]): Assertion {
  const says = `${name} runs no part of Kubernetes or of a scheduler`;
  const looks = rounds.flatMap(({ inspections }) => inspections.get(name) ?? []);
  for (const { event, index } of looks) {
    const program = event.processes.find((one) => schedules(one));
    if (program) return refuted(says, `process ${program.pid} is "${program.argv.join(" ").slice(0, 80)}"`, [index]);
    const port = event.sockets.find(({ state, local }) => state === "LISTEN" && schedulerPorts.has(endOf(local).port));
    if (port) return refuted(says, `it listens on ${port.local}`, [index]);
    if (event.processes.length === 0) return undecided(says, `an inspection of ${name} names no process`);
  }
  return looks.length > 0
    ? kept(says, { events: looks.map(({ index }) => index) })
    : undecided(says, `no inspection shows ${name}`);
}
