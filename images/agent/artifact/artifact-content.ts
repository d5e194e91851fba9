// The content of a test artifact: bytes that look random and can be made again from a seed, and the parts that
// recognise it. Pure.

import { createHash } from "node:crypto";
import type { ArtifactContent } from "#protocol/commands/artifact.ts";

/** Blocks of SHA-256 over the seed and a number. No two artifacts share 24 bytes, and the content does not compress. */
export function contentOf({ seed, bytes }: ArtifactContent): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, place) =>
    createHash("sha256").update(`${seed}/${place}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

const windows = 8;
const windowBytes = 24;

/**
 * Parts of the content. At least one is found in any copy, also one cut into pieces of some hundred bytes: as bytes, in
 * hex, and in base64 at any alignment.
 */
export function needlesOf(content: Buffer): Buffer[] {
  // Not a divisor of any block size: where one part is cut through, others are whole.
  const stride = Math.floor((content.length / windows) * 0.9);
  return Array.from({ length: windows }, (_, place) => place * stride).flatMap((at) => {
    const part = (shift: number) => content.subarray(at + shift, at + shift + windowBytes);
    const texts = [part(0).toString("hex"), part(0).toString("hex").toUpperCase()];
    for (const shift of [0, 1, 2]) texts.push(part(shift).toString("base64"), part(shift).toString("base64url"));
    return [part(0), ...[...new Set(texts)].map((text) => Buffer.from(text))];
  });
}
