// Digests of a replica's messages: one over the lines of each block of sequences. Pure. The agent digests what a
// replica holds, a checker what was read back, and the two can be compared.

const blockLength = 256;

export interface ReplicaDumpLine {
  /** Sequence in the stream. */
  offset: number;
  /** The subject, when the message has no id. */
  messageId: string;
  /** Of the payload. */
  digest: string;
}

/** Number of the block that a sequence belongs to. */
export function replicaDumpBlock(offset: number): number {
  return Math.floor(offset / blockLength);
}

/** Sequences of a block, first and last. */
export function blockRange(block: number): [number, number] {
  return [Math.max(1, block * blockLength), (block + 1) * blockLength - 1];
}

export function replicaDumpLine({ offset, messageId, digest }: ReplicaDumpLine): string {
  return `${offset} ${messageId} ${digest}\n`;
}
