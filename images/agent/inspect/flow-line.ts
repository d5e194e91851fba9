// Reads source and destination from tcpdump's one-line form of a packet. Pure.

export interface Flow {
  protocol: string;
  from: string;
  to: string;
}

/** The last colon before a blank ends the address. An IPv6 address holds others. */
const ip = /^IP6? (?<from>\S+) > (?<to>\S+):(?<rest>.*)$/;
const dotted = /^(?<host>\d+\.\d+\.\d+\.\d+)(?:\.(?<port>\d+))?$/;

/**
 * The ends of an IP packet. A port follows a colon, or a dot for IPv6 ("fe80::1.6222"), whose protocol is always `ip6`.
 * ARP has no ends. Undefined when the line is not a packet.
 */
export function flowIn(line: string): Flow | undefined {
  if (line.startsWith("ARP")) return { protocol: "arp", from: "", to: "" };
  const { from, to, rest } = ip.exec(line)?.groups ?? {};
  if (from === undefined || to === undefined) return undefined;
  const protocol = line.startsWith("IP6")
    ? "ip6"
    : /^ tcp\b/.test(rest ?? "")
      ? "tcp"
      : /UDP/i.test(rest ?? "")
        ? "udp"
        : "ip";
  return { protocol, from: endOf(from), to: endOf(to) };
}

function endOf(text: string): string {
  const { host, port } = dotted.exec(text)?.groups ?? {};
  if (host === undefined) return text;
  return port === undefined ? host : `${host}:${port}`;
}
