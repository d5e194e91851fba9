// Reads what the kernel knows of a node, from outside: processes, sockets with their owners, addresses, mounts,
// settings. The node runs nothing for it.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import type { InspectedProcess, InspectionEvent } from "#history/event.ts";
import type { OnNamedNode } from "#protocol/commands/command.ts";
import { programFileOf, readProcess } from "../observe/contained.ts";
import { processesBelow } from "../observe/tree.ts";
import { inNet, must } from "../namespace/programs.ts";
import { mountedIn } from "../namespace/mountinfo.ts";
import { openFoldersOf } from "./open-folders.ts";
import { protocols, socketsIn } from "./socket-table.ts";

/** Read inside the node's network namespace: /proc/sys/net shows the settings of the reader's namespace. */
const netSysctls = ["net.ipv4.ip_nonlocal_bind"];

interface IpAddress {
  ifname: string;
  addr_info: { family: string; local: string }[];
}

/** @throws when the node ends while it is read */
export async function inspectNode({ pid, node }: OnNamedNode): Promise<InspectionEvent> {
  const pids = processesBelow(pid);
  const owners = socketOwners(pids);
  const sockets = protocols.flatMap((protocol) =>
    socketsIn(readFileSync(`/proc/${pid}/net/${protocol}`, "latin1"), protocol).map(({ inode, ...socket }) => {
      const owner = owners.get(inode);
      return owner === undefined ? socket : { ...socket, pid: owner };
    }),
  );
  const mounts = mountedIn(readFileSync(`/proc/${pid}/mountinfo`, "utf8"));
  const [addresses, sysctls] = await Promise.all([addressesOf(pid), sysctlsOf(pid)]);
  return {
    t: nowNs(),
    type: "inspection",
    node,
    processes: pids.flatMap((one) => processOf(one, pid)),
    sockets,
    addresses,
    mounts,
    sysctls,
    openFolders: pids.flatMap(openFoldersOf),
  };
}

/** Empty for a process that has ended. */
function processOf(pid: number, nodePid: number): InspectedProcess[] {
  try {
    const { name, argv, parent, state, container, unit } = readProcess(pid, nodePid);
    if (state === "Z" || state === "X") return [];
    const exe = programFileOf(pid, nodePid);
    return [{ pid, parent, name, argv: [...argv], state, exe, ...defined({ container, unit }) }];
  } catch {
    return [];
  }
}

/**
 * PID by inode, for every socket that these processes have open. If several have it open, the newest counts, as in
 * observe/tree.ts.
 */
function socketOwners(pids: readonly number[]): Map<string, number> {
  const owners = new Map<string, number>();
  for (const pid of pids)
    for (const target of openTargets(pid)) {
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode) owners.set(inode, pid);
    }
  return owners;
}

function openTargets(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

async function addressesOf(pid: number): Promise<InspectionEvent["addresses"]> {
  const links = JSON.parse(await must(inNet(pid, ["ip", "-j", "-4", "address"]))) as IpAddress[];
  return links.flatMap((link) => link.addr_info.map(({ local }) => ({ interface: link.ifname, address: local })));
}

async function sysctlsOf(pid: number): Promise<Record<string, string>> {
  const files = netSysctls.map((name) => `/proc/sys/${name.replaceAll(".", "/")}`);
  const lines = (await must(inNet(pid, ["cat", ...files]))).trim().split("\n");
  return Object.fromEntries(netSysctls.map((name, place) => [name, lines[place] ?? ""]));
}
