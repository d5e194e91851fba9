// An operator makes the leader of a stream step down, through the server's API. Another server leads afterwards.

import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import type { SpecOf } from "#spec/faults.ts";
import { askStore } from "#zone/store-api.ts";
import type { StartedZone } from "#zone/zone.ts";
import { effectNow, type Fault } from "../fault.ts";

type StepDown = SpecOf<"leader-step-down">;

const deadlineMs = 10_000;

interface Led {
  cluster?: { leader?: string };
}

/** Undefined while there is an election. */
async function leaderOf(zone: StartedZone, { node, stream }: StepDown): Promise<string | undefined> {
  const { cluster } = await askStore<Led>(zone, `STREAM.INFO.${stream}`, { node }).catch((): Led => ({}));
  return cluster?.leader;
}

export const leaderStepDown: Fault<"leader-step-down"> = {
  inject: async (zone, spec) => {
    const { node, stream } = spec;
    const before = await leaderOf(zone, spec);
    if (!before) throw new HarnessError("fault/no-effect", `${stream} has no leader`);
    const { error } = await askStore(zone, `STREAM.LEADER.STEPDOWN.${stream}`, { node });
    if (error) throw new HarnessError("fault/no-effect", `${stream}: ${error.description}`);
    const after = await pollUntil(
      async () => {
        const leader = await leaderOf(zone, spec);
        return leader && leader !== before ? { done: leader } : { saw: leader ?? "no leader" };
      },
      { what: `another leader of ${stream}`, deadlineMs, intervalMs: 50, code: "fault/no-effect" },
    );
    return effectNow(`${before} stepped down as the leader of ${stream}, ${after} leads`);
  },
  heal: async () => "nothing to undo: the servers elect their leaders",
};
