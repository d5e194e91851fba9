// The facts that the client appends. They follow from a seed and a number, so that a run can be repeated and a stored
// fact recognised. Pure.

import { createHash } from "node:crypto";
import { create, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { AppendFactRequestSchema } from "../../node/gen/bsfg_pb.ts";

export type FactMessage = MessageShape<typeof AppendFactRequestSchema>;

export interface Fact {
  messageId: string;
  subject: string;
  predicate: string;
  objectJson: string;
}

/** SHA-256 over the whole message: the envelope, the fact, and fields that this version does not know. */
export function digestOf(message: FactMessage): string {
  return createHash("sha256").update(toBinary(AppendFactRequestSchema, message)).digest("hex");
}

export function factNumber(n: number, source: { seed: number; name: string }): Fact {
  const messageId = `${source.seed}-${source.name}-${n}`;
  const celsius = 20 + ((n * 7) % 100) / 10;
  if (n % 2 === 0)
    return { messageId, subject: "line1.temp", predicate: "measured", objectJson: JSON.stringify({ n, celsius }) };
  // A program that parses this and writes it again alters it: blanks, digits that no double holds, a character in two
  // forms.
  const objectJson = `{ "n": ${n}, "celsius": ${celsius.toFixed(3)}, "serial": 90071992547409931, "unit": "\u00b5m, µm" }`;
  return { messageId, subject: "line 2/Öl.temp", predicate: "measured once", objectJson };
}

/**
 * The same message id with another payload of the same length. `turn` chooses which of its three fields differs, in one
 * character.
 */
export function withOtherPayload(message: FactMessage, turn: number): FactMessage {
  const { envelope, fact } = message;
  const { subject = "", predicate = "", objectJson = "" } = fact ?? {};
  const others = [
    { subject, predicate, objectJson: withOneOther(objectJson) },
    { subject, predicate: withOneOther(predicate), objectJson },
    { subject: withOneOther(subject), predicate, objectJson },
  ];
  return create(AppendFactRequestSchema, { ...(envelope && { envelope }), fact: others[turn % others.length]! });
}

/** With another letter or digit in the place of the last one. */
function withOneOther(text: string): string {
  return text.replace(/[a-z0-9](?=[^a-z0-9]*$)/, (last) => (/[9z]/.test(last) ? "1" : nextAfter(last)));
}

function nextAfter(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) + 1);
}
