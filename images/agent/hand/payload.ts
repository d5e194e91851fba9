// The digest of a stored fact, worked out from its payload rather than believed from its header. Pure.

import { createHash } from "node:crypto";
import { digestOf } from "../client/fact.ts";

interface FactJson {
  subject?: unknown;
  predicate?: unknown;
  objectJson?: unknown;
  object_json?: unknown;
}

/**
 * A payload that is JSON and holds a fact, itself or as `fact`, gives the digest that the client computed; any other
 * gives the SHA-256 of its bytes, as lower-case hex.
 */
export function payloadDigest(payload: Uint8Array): string {
  const fact = factIn(payload);
  return fact ? digestOf(fact.subject, fact.predicate, fact.objectJson) : createHash("sha256").update(payload).digest("hex");
}

function factIn(payload: Uint8Array): { subject: string; predicate: string; objectJson: string } | undefined {
  try {
    const json = JSON.parse(Buffer.from(payload).toString("utf8")) as FactJson & { fact?: FactJson };
    const { subject, predicate, objectJson, object_json } = json.fact ?? json;
    const object = objectJson ?? object_json;
    if (typeof subject !== "string" || typeof predicate !== "string" || typeof object !== "string") return undefined;
    return { subject, predicate, objectJson: object };
  } catch {
    return undefined;
  }
}
