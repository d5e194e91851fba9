// Reads tcpdump's one-line form of a VRRP advertisement. Pure.

export interface Advert {
  source: string;
  destination: string;
  priority: number;
}

const shape = /IP6? (\S+) > (\S+): VRRPv[23], Advertisement,.*\bprio (\d+)/;

/** The advert in a line, or undefined when the line is something else. */
export function advertIn(line: string): Advert | undefined {
  const match = shape.exec(line);
  if (!match) return undefined;
  return { source: match[1]!, destination: match[2]!, priority: Number(match[3]) };
}
