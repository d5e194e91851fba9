// Reads complete tables of /proc/PID/net: every socket with its two ends, its state and its inode. Pure.
// observe/tcp-table.ts reads the same format for one port only, a hundred times as often.

import type { InspectedSocket } from "#history/event.ts";
import { hostOf } from "../observe/tcp-table.ts";

export const protocols = ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"] as const;

/** The names that ss gives to the kernel's state numbers. */
const tcpStates: Record<string, string> = {
  "01": "ESTAB",
  "02": "SYN-SENT",
  "03": "SYN-RECV",
  "04": "FIN-WAIT-1",
  "05": "FIN-WAIT-2",
  "06": "TIME-WAIT",
  "07": "CLOSE",
  "08": "CLOSE-WAIT",
  "09": "LAST-ACK",
  "0A": "LISTEN",
  "0B": "CLOSING",
  "0C": "SYN-RECV",
};

type Found = Omit<InspectedSocket, "pid"> & { inode: string };

/** In the table's order, without sockets in TIME-WAIT. */
export function socketsIn(table: string, protocol: InspectedSocket["protocol"]): Found[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > 9)
    .map(([, local, remote, state, , , , , , inode]) => ({
      protocol,
      local: endpointOf(local!),
      remote: endpointOf(remote!),
      state: protocol.startsWith("tcp") ? (tcpStates[state!] ?? state!) : state === "01" ? "ESTAB" : "UNCONN",
      inode: inode!,
    }))
    .filter(({ state }) => state !== "TIME-WAIT");
}

/** "0B0012C6:24E3" to "198.18.0.11:9443". */
function endpointOf(field: string): string {
  const [address, port] = field.split(":");
  return `${hostOf(address!)}:${Number.parseInt(port!, 16)}`;
}
