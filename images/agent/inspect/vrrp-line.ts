// Reads tcpdump's one-line form of a packet of IP protocol 112. Pure.

export interface Advert {
  source: string;
  destination: string;
  /** -1: of that protocol, and not an advertisement that could be read. */
  priority: number;
}

const anyShape = /^IP6? (\S+) > (\S+):/;
const shape = /IP6? (\S+) > (\S+): VRRPv[23], Advertisement,.*\bprio (\d+)/;

/** The packet in a line, or undefined when the line is something else. */
export function advertIn(line: string): Advert | undefined {
  const match = shape.exec(line) ?? anyShape.exec(line);
  if (!match) return undefined;
  return { source: match[1]!, destination: match[2]!, priority: Number(match[3] ?? -1) };
}
