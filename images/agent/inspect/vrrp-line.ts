// Reads tcpdump's one-line form of a packet of IP protocol 112. Pure.

export interface Advert {
  source: string;
  destination: string;
  /** -1 for a packet that is not a readable advertisement. */
  priority: number;
}

const anyShape = /^IP6? (\S+) > (\S+):/;
const shape = /IP6? (\S+) > (\S+): VRRPv[23], Advertisement,.*\bprio (\d+)/;

/** The packet in a line; undefined for another line. */
export function advertIn(line: string): Advert | undefined {
  const match = shape.exec(line) ?? anyShape.exec(line);
  if (!match) return undefined;
  return { source: match[1]!, destination: match[2]!, priority: Number(match[3] ?? -1) };
}
