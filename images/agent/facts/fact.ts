// The facts that the client appends. They follow from a seed and a number, so that a run can be repeated and a stored
// fact recognised. A node stores the same digest as Bsfg-Digest. Pure.

import { createHash } from "node:crypto";

export interface Fact {
  messageId: string;
  subject: string;
  predicate: string;
  objectJson: string;
  /** SHA-256 over subject, predicate and object, each on a line; lower-case hex. */
  digest: string;
}

export function digestOf(subject: string, predicate: string, objectJson: string): string {
  return createHash("sha256").update(`${subject}\n${predicate}\n${objectJson}`).digest("hex");
}

export function factNumber(n: number, source: { seed: number; name: string }): Fact {
  const messageId = `${source.seed}-${source.name}-${n}`;
  const subject = "line1.temp";
  const predicate = "measured";
  const objectJson = JSON.stringify({ n, celsius: 20 + ((n * 7) % 100) / 10 });
  return { messageId, subject, predicate, objectJson, digest: digestOf(subject, predicate, objectJson) };
}
