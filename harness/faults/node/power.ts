// Power loss of one node, or of several at the same instant. On file systems of their own nothing reaches the disk
// after the last packet has left, and unflushed data is gone when power returns (docs/decisions/0015-power-loss.md). In
// folders of the container unflushed data survives in this kernel's page cache; there a loss of several nodes at once
// is impossible.

import { nowNs } from "#base/clock.ts";
import { HarnessError } from "#base/errors.ts";
import { nodesOf, type SpecOf } from "#spec/faults.ts";
import type { NodeName } from "#spec/node.ts";
import { storesOf } from "#topology/stores.ts";
import type { StartedZone } from "#zone/zone.ts";
import { startAgain } from "./container.ts";
import { installCut } from "../network/cut.ts";
import type { Effect, Fault } from "../fault.ts";

const offDeadlineMs = 20_000;
const eio = 5;

const hasDisks = (zone: StartedZone): boolean => zone.plan.spec.stores !== "folder";
const foldersOf = (zone: StartedZone, node: NodeName): string[] => storesOf(zone.plan, node).map((store) => store.path);

export const power: Fault<"power"> = {
  isImpossible: async (zone, spec) =>
    spec.with && !hasDisks(zone) ? "the nodes' stores are folders, whose unflushed data would survive" : null,
  inject: (zone, spec) => (hasDisks(zone) ? losePower(zone, nodesOf(spec)) : goSilent(zone, spec)),
  heal: async (zone, spec) => {
    const words = await Promise.all(nodesOf(spec).map((node) => comeBack(zone, node)));
    return words.join("; ");
  },
};

async function goSilent(zone: StartedZone, spec: SpecOf<"power">): Promise<Effect> {
  await installCut(zone, { fault: "cut", node: spec.node, segments: ["zone", "control"], direction: "both" });
  const atNs = nowNs();
  return { proof: `silent on every segment, then ${await zone.node(spec.node).kill()}`, atNs };
}

/** The effect counts from the cut: after it no node could report what still reached a disk. */
async function losePower(zone: StartedZone, nodes: NodeName[]): Promise<Effect> {
  const targets = nodes.map((node) => {
    const { zoneAddress, controlAddress } = zone.plan.nodes[node];
    const addresses = [zoneAddress, ...(controlAddress ? [controlAddress] : [])];
    return { pid: zone.node(node).pid, addresses, folders: foldersOf(zone, node) };
  });
  const off = await zone.actuator.ask({ do: "power-off", targets }, offDeadlineMs);
  const exits = await Promise.all(nodes.map((node) => zone.node(node).hasDied()));
  const places = nodes.flatMap((node) => foldersOf(zone, node).map((path) => `${path} of ${node}`));
  const alive = off.stores.findIndex((store) => store.errno !== 0 || store.errnoAfter !== eio);
  if (alive >= 0)
    throw noEffect(
      `${places[alive]}: shutdown gave errno ${off.stores[alive]!.errno}, a write ${off.stores[alive]!.errnoAfter}`,
    );
  const silent = off.packets.indexOf(0);
  if (silent >= 0) throw noEffect(`no packet of ${nodes[silent]} was dropped`);
  const shutMs = off.stores.map((store) => (store.shutNs - off.cutNs) / 1e6);
  const spreadMs = Math.max(0, ...shutMs);
  const proof =
    `${off.packets.join(" + ")} packets dropped; ${places.length} file systems shut down without a flush, within ` +
    `${spreadMs.toFixed(2)} ms of the cut; a write on each gave EIO; ${exits.join(", ")}`;
  return { proof, atNs: off.cutNs, detail: { spreadMs: Math.round(spreadMs * 1e3) / 1e3, packets: off.packets } };
}

/** Starts the node. On file systems of its own, flushed data must be there and unflushed data must be gone. */
async function comeBack(zone: StartedZone, node: NodeName): Promise<string> {
  if (zone.node(node).isUp) return startAgain(zone, node);
  const running = await startAgain(zone, node);
  const folders = foldersOf(zone, node);
  if (folders.length === 0) return running;
  const { stores } = await zone.askNode(node, { do: "power-back", folders });
  const bad = stores.find((one) => one.flushedBytes === 0 || one.unflushedBytes > 0 || one.write !== "written");
  if (bad)
    throw new HarnessError(
      "fault/not-undone",
      `${bad.path} of ${node} came back with ${bad.flushedBytes} flushed and ${bad.unflushedBytes} unflushed bytes; a write gave ${bad.write}`,
    );
  return `${running}; flushed data is there and unflushed data is gone on ${folders.join(" and ")}`;
}

function noEffect(what: string): HarnessError {
  return new HarnessError("fault/no-effect", what);
}
