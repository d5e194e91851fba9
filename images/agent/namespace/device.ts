// Interfaces of a node: found by address, taken down, and set up again with the addresses and routes that they lost.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { InterfaceRequest } from "#protocol/commands/network.ts";
import { inNet, must } from "./programs.ts";

interface IpAddress {
  ifname: string;
  /** The MAC. */
  address: string;
  operstate?: string;
  flags?: string[];
  addr_info: { family: string; local: string; prefixlen: number; dynamic?: boolean }[];
}

/** The interface that carries `address`. @throws when none does. */
export async function deviceOf(pid: number, address: string): Promise<string> {
  return (await interfaceOf({ pid, address })).device;
}

/** The same with its MAC. Without a process: an interface of the client host. @throws when none carries it. */
export async function interfaceOf({ pid = process.pid, address }: InterfaceRequest): Promise<{
  device: string;
  mac: string;
}> {
  const links = JSON.parse(await must(inNet(pid, ["ip", "-j", "address"]))) as IpAddress[];
  const found = links.find((link) => link.addr_info.some((one) => one.local === address));
  if (!found) throw new Error(`no interface carries ${address}`);
  return { device: found.ifname, mac: found.address };
}

/** What an interface loses when it goes down. On disk, so that another agent process can restore it. */
interface Lost {
  device: string;
  address: string;
  prefixLength: number;
  routes: string[];
}

const folder = "/run/triad";
const fileOf = (pid: number, address: string) => `${folder}/link-${pid}-${address}.json`;

export async function linkDown(pid: number, address: string): Promise<{ device: string; state: string }> {
  const device = await deviceOf(pid, address);
  const links = JSON.parse(await must(inNet(pid, ["ip", "-j", "address", "show", "dev", device]))) as IpAddress[];
  const prefixLength = links[0]!.addr_info.find((one) => one.local === address)!.prefixlen;
  const routes = (await must(inNet(pid, ["ip", "-4", "route", "show", "dev", device])))
    .split("\n")
    .map((line) => line.replace(/\b(linkdown|dead)\b/g, "").trim())
    .filter((line) => line !== "" && !line.includes("proto kernel"));
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(pid, address), JSON.stringify({ device, address, prefixLength, routes } satisfies Lost));
  await must(inNet(pid, ["ip", "link", "set", device, "down"]));
  return { device, state: await stateOf(pid, device) };
}

export async function linkUp(pid: number, address: string): Promise<{ device: string; state: string }> {
  const lost = read(pid, address);
  const device = lost?.device ?? (await deviceOf(pid, address));
  await must(inNet(pid, ["ip", "link", "set", device, "up"]));
  if (lost) {
    await must(inNet(pid, ["ip", "address", "replace", `${address}/${lost.prefixLength}`, "dev", device]));
    for (const route of lost.routes)
      await must(inNet(pid, ["ip", "route", "replace", ...route.split(/\s+/), "dev", device]));
    rmSync(fileOf(pid, address), { force: true });
  }
  return { device, state: await stateOf(pid, device) };
}

/** The proof: "up" or "down" by the kernel's flags. */
async function stateOf(pid: number, device: string): Promise<string> {
  const links = JSON.parse(await must(inNet(pid, ["ip", "-j", "link", "show", "dev", device]))) as IpAddress[];
  return links[0]?.flags?.includes("UP") ? "up" : "down";
}

function read(pid: number, address: string): Lost | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(pid, address), "utf8")) as Lost;
  } catch {
    return undefined;
  }
}
