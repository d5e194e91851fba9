// A node is lost with its container and disks, and a new container is made from its plan. Under the same server name
// the meta group takes it back. Under a new name it joins as a new server; then an operator removes the old server from
// the meta group, which moves the replicas to the new one.

import { HarnessError } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { isServiceNode, type NodeName, nodeNames } from "#spec/node.ts";
import { operatorUser } from "#topology/render-nats.ts";
import { askMonitor, askStore } from "#zone/store-api.ts";
import type { SpecOf } from "#spec/faults.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Effect, Fault } from "../fault.ts";
import { wipeAndKill } from "./wiped.ts";

/** A server joins the meta group some seconds after its start. An election may delay it. */
const joinDeadlineMs = 40_000;
const newNameOf = (node: NodeName) => `${node}-2`;

async function lose(zone: StartedZone, { node }: SpecOf<"rebuilt">): Promise<Effect> {
  // A folder may be a volume, which outlives the container.
  const { jetstream, artifacts } = zone.plan.contract.stores;
  const folders = isServiceNode(node) ? [jetstream, artifacts] : [jetstream];
  const effect = await wipeAndKill(zone, node, folders);
  return { ...effect, proof: `${effect.proof}; ${await zone.node(node).remove()}` };
}

async function makeAgain(zone: StartedZone, { node, identity }: SpecOf<"rebuilt">): Promise<string> {
  if (zone.node(node).isUp) return `container runs as pid ${zone.node(node).pid}`;
  if (identity === "new") rename(zone, node);
  const running = await zone.remake(node);
  if (identity === "same") return running;
  await untilVoters(zone, node, (voters) => voters.includes(newNameOf(node)));
  await removeOld(zone, node);
  const voters = await untilVoters(zone, node, (names) => !names.includes(node) && names.length === nodeNames.length);
  return `${running}; the voters are ${voters.join(", ")}`;
}

/** Changes the server's name in the configuration of the next container. */
function rename(zone: StartedZone, node: NodeName): void {
  // `server_name: "alpha"` of nats.conf, or SERVER_NAME=alpha of a file that a node makes its own nats.conf from.
  const named = new RegExp(`(\\bserver_name\\s*[:=]\\s*"?)${node}\\b`, "i");
  const files = zone.plan.nodes[node].files.filter((one) => named.test(one.text));
  if (files.length === 0)
    throw new HarnessError("fault/impossible", `no file that the harness gives to ${node} names its server`);
  for (const file of files) file.text = file.text.replace(named, `$1${newNameOf(node)}`);
}

/** Waits until the leader of the meta group lists such voters. */
async function untilVoters(
  zone: StartedZone,
  rebuilt: NodeName,
  isSo: (names: string[]) => boolean,
): Promise<string[]> {
  return pollUntil(
    async () => {
      const names = await votersOf(zone);
      return names && isSo(names) ? { done: names } : { saw: names?.join(", ") ?? "no answer from a leader" };
    },
    {
      what: `the voters after ${rebuilt} was rebuilt`,
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

/** Does what `nats server raft peer-remove` does, as the system account. Repeats until the leader has done it. */
async function removeOld(zone: StartedZone, node: NodeName): Promise<void> {
  const login = { user: operatorUser, password: zone.plan.routeSecret };
  await pollUntil(
    async () => {
      try {
        const { error } = await askStore(zone, "SERVER.REMOVE", { body: { peer: node }, login });
        // Not a member: an earlier request succeeded and its answer was lost.
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
  inject: lose,
  heal: makeAgain,
};
