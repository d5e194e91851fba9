// Reads /proc/PID/net/tcp and tcp6: which sockets listen on a port. Pure. The kernel writes listeners first. It writes
// an address as words in host order, so on a little-endian machine the bytes of each word are reversed.

export interface Listener {
  /** "198.18.0.10:9443" or "[::]:9443". */
  endpoint: string;
  inode: string;
}

const listenState = "0A";

function ipv4(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(".");
}

/** Only the unspecified address is shortened, to "::". Others are complete, which is enough to distinguish them. */
function ipv6(hex: string): string {
  const words = [0, 8, 16, 24].map((at) => hex.slice(at, at + 8));
  const bytes = words.map((word) => [6, 4, 2, 0].map((at) => word.slice(at, at + 2)).join("")).join("");
  if (/^0+$/.test(bytes)) return "::";
  return [...Array(8).keys()].map((index) => bytes.slice(index * 4, index * 4 + 4).toLowerCase()).join(":");
}

/** An address field of such a table in the form that precedes a port: "198.18.0.10" or "[::]". */
export function hostOf(hex: string): string {
  return hex.length === 8 ? ipv4(hex) : `[${ipv6(hex)}]`;
}

/** Column of the state in a line, by address family: "%4d: ADDRESS:PORT ADDRESS:PORT ST". */
export const stateColumn = { v4: 34, v6: 82 } as const;

/** The end of the header and the listeners, which the kernel writes before all connections. */
export function listenEnd(table: Buffer, length: number, column: number): number {
  let at = table.indexOf(10) + 1;
  while (at > 0 && at + column + 1 < length && table[at + column] === 0x30 && table[at + column + 1] === 0x41)
    at = table.indexOf(10, at) + 1;
  return at;
}

/** Listeners on `port`, in the table's order. */
export function listenersIn(table: string, port: number): Listener[] {
  const found: Listener[] = [];
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  for (const line of table.split("\n")) {
    const fields = line.trim().split(/\s+/);
    const [address, localPort] = (fields[1] ?? "").split(":");
    if (fields[3] !== listenState || localPort !== hexPort || !address) continue;
    found.push({ endpoint: `${hostOf(address)}:${port}`, inode: fields[9] ?? "0" });
  }
  return found;
}
