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
  const subject = "line1.temp";
  const predicate = "measured";
  const objectJson = JSON.stringify({ n, celsius: 20 + ((n * 7) % 100) / 10 });
  return { messageId, subject, predicate, objectJson };
}

/** The same message id with another payload. `turn` chooses which of its three fields differs. */
export function withOtherPayload(message: FactMessage, turn: number): FactMessage {
  const { envelope, fact } = message;
  const { subject = "", predicate = "", objectJson = "" } = fact ?? {};
  const others = [
    { subject, predicate, objectJson: JSON.stringify({ other: turn }) },
    { subject, predicate: `${predicate}-otherwise`, objectJson },
    { subject: `${subject}.other`, predicate, objectJson },
  ];
  return create(AppendFactRequestSchema, { ...(envelope && { envelope }), fact: others[turn % others.length]! });
}
