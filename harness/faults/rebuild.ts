// A node lost for good, container and disks, and made anew from its plan. With the same name its server is taken back by the
// meta group; with another name it joins as a stranger, and an operator removes the old one, whose replicas go to it.

import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { isServiceNode, type NodeName, nodeNames } from "#spec/node.ts";
import { operatorUser } from "#topology/render-nats.ts";
import { messageFolder } from "#topology/stores.ts";
import { askMonitor, askStore } from "#zone/store-api.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Effect, Fault } from "./fault.ts";
import { wipeAndKill } from "./wiped.ts";

const artifactFolder = "/artifacts";
/** A server joins the meta group some seconds after its start; an election may come between. */
const joinDeadlineMs = 40_000;
const newNameOf = (node: NodeName) => `${node}-2`;

async function lose(zone: StartedZone, { node }: SpecOf<"rebuilt">): Promise<Effect> {
  // Folders may be volumes, which outlive a container.
  const folders = isServiceNode(node) ? [messageFolder, artifactFolder] : [messageFolder];
  const effect = await wipeAndKill(zone, node, folders);
  return { ...effect, proof: `${effect.proof}; ${await zone.node(node).remove()}` };
}

async function makeAnew(zone: StartedZone, { node, identity }: SpecOf<"rebuilt">): Promise<string> {
  if (zone.node(node).isUp) return `container runs as pid ${zone.node(node).pid}`;
  if (identity === "new") rename(zone, node);
  const running = await zone.remake(node);
  if (identity === "same") return running;
  await untilVoters(zone, node, (voters) => voters.includes(newNameOf(node)));
  await removeOld(zone, node);
  const voters = await untilVoters(zone, node, (names) => !names.includes(node) && names.length === nodeNames.length);
  return `${running}; the voters are ${voters.join(", ")}`;
}

/** In the configuration that the new container is given. */
function rename(zone: StartedZone, node: NodeName): void {
  const file = zone.plan.nodes[node].files.find((one) => one.path === "/opt/bsfg/nats.conf");
  const text = file?.text.replace(`server_name: "${node}"`, `server_name: "${newNameOf(node)}"`);
  if (!file || !text || text === file.text)
    throw new HarnessError("fault/impossible", `the configuration of ${node} names no server "${node}"`);
  file.text = text;
}

/** By the word of the meta group's leader, which names all voters; waits until it says so. */
async function untilVoters(
  zone: StartedZone,
  rebuilt: NodeName,
  isSo: (names: string[]) => boolean,
): Promise<string[]> {
  return pollUntil(
    async () => {
      const names = await votersOf(zone);
      return names && isSo(names) ? { done: names } : { saw: names?.join(", ") ?? "no leader's word" };
    },
    {
      what: `the voters to be those after the rebuilding of ${rebuilt}`,
      deadlineMs: joinDeadlineMs,
      intervalMs: 300,
      code: "fault/not-undone",
    },
  );
}

interface Jsz {
  meta_cluster?: { leader?: string; replicas?: { name: string }[] };
}

async function votersOf(zone: StartedZone): Promise<string[] | undefined> {
  for (const name of nodeNames.filter((one) => zone.node(one).isUp)) {
    const jsz = await askMonitor<Jsz>(zone, name, { path: "/jsz", timeoutMs: 2_000 }).catch(() => undefined);
    const meta = jsz?.meta_cluster;
    if (meta?.leader && meta.replicas) return [meta.leader, ...meta.replicas.map((one) => one.name)];
  }
  return undefined;
}

/** As `nats server raft peer-remove` does; only the system account may. Again until the leader has heard of it. */
async function removeOld(zone: StartedZone, node: NodeName): Promise<void> {
  const login = { user: operatorUser, password: zone.plan.routeSecret };
  await pollUntil(
    async () => {
      try {
        const { error } = await askStore(zone, "SERVER.REMOVE", { body: { peer: node }, login });
        // One that is gone is what was asked for: an answer may have been lost.
        const isGone = error && /server is not a member/.test(error.description ?? "");
        return !error || isGone ? { done: true } : { saw: error.description ?? "a refusal" };
      } catch (thrown) {
        return { saw: HarnessError.from(thrown).message };
      }
    },
    { what: `the removal of server ${node}`, deadlineMs: joinDeadlineMs, intervalMs: 500, code: "fault/not-undone" },
  );
}

export const rebuilt: Fault<"rebuilt"> = {
  does: "The node's container is removed, its disks with it; healed by a new container with empty disks, under the same or a new server name.",
  inject: lose,
  heal: makeAnew,
};
