// Makes, takes back and counts cuts in a node's own network namespace. Each cut is one table, so one name undoes it.

import type { CountCutRequest, CutRequest, HealCutRequest } from "#wire/message.ts";
import { deviceOf } from "./device.ts";
import { inNet, must, run } from "./inside.ts";
import { cutText, packetsIn, tableOf } from "./nft-text.ts";

/** Replies the interface and the table; a cut of the same name is replaced. */
export async function makeCut(request: CutRequest): Promise<{ device: string; table: string }> {
  const { pid, cut, peerMacs, direction } = request;
  const device = await deviceOf(pid, request.address);
  const table = tableOf(cut);
  // "add" before "delete" makes the delete succeed whether or not the table was there.
  const text = `add table netdev ${table}\ndelete table netdev ${table}\n${cutText({ cut, device, peerMacs, direction })}`;
  await must(inNet(pid, ["nft", "-f", "-"]), { input: text });
  return { device, table };
}

/** Idempotent. Replies how many packets the cut had dropped. */
export async function healCut(request: HealCutRequest): Promise<{ packets: number }> {
  const { pid } = request;
  const table = tableOf(request.cut);
  const listing = await run(inNet(pid, ["nft", "list", "table", "netdev", table]));
  if (listing.code !== 0) return { packets: 0 };
  await must(inNet(pid, ["nft", "delete", "table", "netdev", table]));
  return { packets: packetsIn(listing.stdout) };
}

/** @throws when there is no such cut. */
export async function countCut(request: CountCutRequest): Promise<{ packets: number }> {
  const listing = await must(inNet(request.pid, ["nft", "list", "table", "netdev", tableOf(request.cut)]));
  return { packets: packetsIn(listing) };
}
