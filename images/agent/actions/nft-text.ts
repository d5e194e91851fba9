// The nft text of a cut, and its counters read back. Pure. The rules are netdev rules at both hooks, so that they also
// drop ARP.

export interface CutText {
  cut: string;
  device: string;
  /** Empty drops everything. */
  peerMacs: string[];
  direction: "both" | "in" | "out";
}

/** The table's name. nft accepts letters, digits and "_". @throws when the cut's name has other characters */
export function tableOf(cut: string): string {
  if (!/^[A-Za-z0-9_-]{1,60}$/.test(cut)) throw new Error(`not a name of a cut: ${cut}`);
  return `triad_${cut.replaceAll("-", "_")}`;
}

const macShape = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;

const deviceShape = /^[A-Za-z0-9_.-]{1,15}$/;

/** A ruleset file that makes the cut in one transaction. @throws on an invalid MAC address or interface */
export function cutText(cut: CutText): string {
  const bad = cut.peerMacs.find((mac) => !macShape.test(mac));
  if (bad !== undefined) throw new Error(`not a MAC address: ${bad}`);
  if (!deviceShape.test(cut.device)) throw new Error(`not an interface: ${cut.device}`);
  const chain = (hook: "ingress" | "egress", side: "saddr" | "daddr") => {
    const match = cut.peerMacs.length === 0 ? "" : `ether ${side} { ${cut.peerMacs.join(", ")} } `;
    return `  chain ${hook} {\n    type filter hook ${hook} device "${cut.device}" priority -500;\n    ${match}counter drop\n  }\n`;
  };
  const ingress = cut.direction === "out" ? "" : chain("ingress", "saddr");
  const egress = cut.direction === "in" ? "" : chain("egress", "daddr");
  return `table netdev ${tableOf(cut.cut)} {\n${ingress}${egress}}\n`;
}

/** Rules that drop every packet of these interfaces from a given second on. nft has no finer resolution. */
export function darkText(devices: readonly string[], second: number): string {
  const bad = devices.find((device) => !deviceShape.test(device));
  if (bad !== undefined) throw new Error(`not an interface: ${bad}`);
  const chain = (hook: "ingress" | "egress", device: string, place: number) =>
    `  chain ${hook}_${place} {\n    type filter hook ${hook} device "${device}" priority -500;\n    meta time >= ${second} counter drop\n  }\n`;
  const chains = devices.flatMap((device, place) => [chain("ingress", device, place), chain("egress", device, place)]);
  return `table netdev triad_dark {\n${chains.join("")}}\n`;
}

/** Packets dropped by all rules of `nft list table` text. */
export function packetsIn(listing: string): number {
  return [...listing.matchAll(/counter packets (\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0);
}
