// Makes the client host's neighbour entry of an address fresh. What a client does after a failover depends on the age
// of its entry: an old one is asked for again, and a fresh one is believed until a gratuitous ARP corrects it.

import { readFileSync } from "node:fs";
import type { FreshNeighbourRequest, Neighbour } from "#protocol/commands/network.ts";
import { must, run } from "../namespace/programs.ts";

interface IpNeighbour {
  dev: string;
  lladdr?: string;
  state: string[];
}

const timeoutMs = 2_000;

/** An entry that is only due to be confirmed is confirmed; one that does not exist stays so. */
export async function freshNeighbour({ address }: FreshNeighbourRequest): Promise<Neighbour> {
  const [found] = await entriesOf(address);
  if (!found?.lladdr) return { address, state: found?.state[0] ?? "NONE", reachableMs: 0 };
  const { dev, lladdr } = found;
  if (!found.state.includes("REACHABLE"))
    await run(["ip", "neigh", "change", address, "lladdr", lladdr, "dev", dev, "nud", "reachable"], { timeoutMs });
  const [fresh] = await entriesOf(address);
  const baseMs = Number(readFileSync(`/proc/sys/net/ipv4/neigh/${dev}/base_reachable_time_ms`, "utf8"));
  // The kernel draws the time from half of the base to one and a half of it.
  return { address, state: fresh?.state[0] ?? "NONE", mac: fresh?.lladdr ?? "", reachableMs: baseMs / 2 };
}

async function entriesOf(address: string): Promise<IpNeighbour[]> {
  const text = await must(["ip", "-j", "neigh", "show", "to", address]);
  return text.trim() === "" ? [] : (JSON.parse(text) as IpNeighbour[]);
}
