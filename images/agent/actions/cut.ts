// Makes, removes and counts cuts in a node's own network namespace. Each cut is one table, so its name removes it.

import type { CutRequest, NamedCut } from "#protocol/commands/network.ts";
import { deviceOf } from "../namespace/device.ts";
import { inNet, must, run } from "../namespace/programs.ts";
import { cutText, packetsIn, tableOf } from "./nft-text.ts";

/** A cut of the same name is replaced. Replies the interface and the table. */
export async function makeCut(request: CutRequest): Promise<{ device: string; table: string }> {
  const { pid, cut, peerMacs, direction } = request;
  const device = await deviceOf(pid, request.address);
  const table = tableOf(cut);
  // "add" before "delete" makes the delete succeed whether or not the table exists.
  const text = `add table netdev ${table}\ndelete table netdev ${table}\n${cutText({ cut, device, peerMacs, direction })}`;
  await must(inNet(pid, ["nft", "-f", "-"]), { input: text });
  return { device, table };
}

/** Idempotent. Replies how many packets the cut had dropped, and whether its table is gone. */
export async function healCut(request: NamedCut): Promise<{ packets: number; isGone: boolean }> {
  const { pid } = request;
  const table = tableOf(request.cut);
  const list = () => run(inNet(pid, ["nft", "list", "table", "netdev", table]));
  const before = await list();
  if (before.code !== 0) return { packets: 0, isGone: true };
  await must(inNet(pid, ["nft", "delete", "table", "netdev", table]));
  const after = await list();
  return { packets: packetsIn(before.stdout), isGone: after.code !== 0 };
}

/** @throws when there is no such cut. */
export async function countCut(request: NamedCut): Promise<{ packets: number }> {
  const listing = await must(inNet(request.pid, ["nft", "list", "table", "netdev", tableOf(request.cut)]));
  return { packets: packetsIn(listing) };
}
