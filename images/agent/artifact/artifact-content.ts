// The content of a test artifact: bytes that look random, made again from a seed by whoever needs them, and the parts
// by which it is recognised wherever it went. Pure.

import { createHash } from "node:crypto";
import type { ArtifactContent } from "#protocol/commands/artifact.ts";

/** Blocks of SHA-256, each of the seed and its number: no two artifacts share 24 bytes, and nothing compresses them. */
export function contentOf({ seed, bytes }: ArtifactContent): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, place) =>
    createHash("sha256").update(`${seed}/${place}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

const windows = 8;
const windowBytes = 24;

/**
 * Parts of which at least one is found where the content lies, whole or cut into pieces of some hundred bytes and more:
 * as it is, in hex, and in base64 whatever the alignment.
 */
export function needlesOf(content: Buffer): Buffer[] {
  // Not a divisor of any block size: where one part is cut through, others are not.
  const stride = Math.floor((content.length / windows) * 0.9);
  return Array.from({ length: windows }, (_, place) => place * stride).flatMap((at) => {
    const part = (shift: number) => content.subarray(at + shift, at + shift + windowBytes);
    const texts = [part(0).toString("hex"), part(0).toString("hex").toUpperCase()];
    for (const shift of [0, 1, 2]) texts.push(part(shift).toString("base64"), part(shift).toString("base64url"));
    return [part(0), ...[...new Set(texts)].map((text) => Buffer.from(text))];
  });
}
