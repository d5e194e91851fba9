// Facts on the quorum-backed stream: put if absent by message id, and paged reading. Bound: a repeated message id is
// recognised for one hour (the stream's duplicate window: gate/streams.ts and the zone's spec). Within that hour the
// answer names the stored sequence and the digests are compared, so no scan is needed. A later repeat is a new fact.

import { createHash } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { delay, nowNs } from "#base/clock.ts";
import { type AppendFactRequest, AppendFactRequestSchema, type StoredFact, StoredFactSchema } from "../gen/bsfg_pb.ts";
import { type NatsConnection, ask, headerOf, publish, readStored } from "../local/store.ts";
import type { Call } from "./call.ts";

export const factStream = "facts_operational";
const idMaxLength = 256;
/** `<context>-bsfg`: a certificate with any other name speaks for no zone. */
const zoneIdentity = /^[a-z0-9][a-z0-9-]*-bsfg$/;
const pageMax = 500;
/** Requests of a page in flight at once. */
const windowSize = 64;
const publishTimeoutMs = 5_000;

export class Facts {
  readonly #nc: NatsConnection;

  constructor(nc: NatsConnection) {
    this.#nc = nc;
  }

  /** The offset, once a quorum has the fact; the earlier offset when the fact is a repeat. */
  async append(request: AppendFactRequest, call: Call): Promise<number> {
    const { messageId, subject } = validate(request, call.names);
    const payload = toBinary(AppendFactRequestSchema, request);
    const digest = digestOf(request);
    const options = { headers: { "Nats-Msg-Id": messageId, "Bsfg-Digest": digest } };
    const ack = await this.#publish({ subject: `facts.operational.${subject}`, data: payload }, options, call);
    if (ack.isDuplicate) await this.#compare(ack.sequence, digest, call);
    return ack.sequence;
  }

  /** Up to `limit` facts after an offset, in order. */
  async page(page: { after: number; limit: number; consumer: string }, call: Call): Promise<StoredFact[]> {
    const limit = Math.min(page.limit, pageMax);
    const last = await this.lastOffset(call);
    const facts: StoredFact[] = [];
    for (let next = page.after + 1; next <= last && facts.length < limit; next += windowSize) {
      const count = Math.min(windowSize, limit - facts.length, last - next + 1);
      const window = await Promise.all(Array.from({ length: count }, (_, i) => this.#read(next + i, call)));
      facts.push(...window.filter((fact) => fact !== undefined));
      if (count < windowSize) next -= windowSize - count;
    }
    return facts;
  }

  /** The stream's last sequence, from its leader. */
  async lastOffset(call: Call): Promise<number> {
    const info = await ask<{ state: { last_seq: number } }>(this.#nc, `STREAM.INFO.${factStream}`, {
      timeoutMs: leftMs(call),
    });
    return info.state.last_seq;
  }

  /**
   * Retried while the subject has no listener, i.e. no leader: the fact is certainly not stored. A timeout is not
   * retried.
   */
  async #publish(
    message: { subject: string; data: Uint8Array },
    options: { headers: Record<string, string> },
    call: Call,
  ) {
    for (;;) {
      try {
        return await publish(this.#nc, message, { ...options, timeoutMs: Math.min(leftMs(call), publishTimeoutMs) });
      } catch (thrown) {
        if ((thrown as { code?: string }).code !== "503" || leftMs(call) < 300) throw thrown;
        await delay(100);
      }
    }
  }

  async #compare(sequence: number, digest: string, call: Call): Promise<void> {
    const stored = await readStored(this.#nc, { stream: factStream, where: { seq: sequence } }, leftMs(call));
    if (stored !== undefined && headerOf(stored.headers, "Bsfg-Digest") !== digest)
      throw new ConnectError("another fact has that message id", Code.AlreadyExists);
  }

  async #read(sequence: number, call: Call): Promise<StoredFact | undefined> {
    const stored = await readStored(this.#nc, { stream: factStream, where: { seq: sequence } }, leftMs(call));
    if (stored === undefined) return undefined;
    const { envelope, fact } = fromBinary(AppendFactRequestSchema, stored.data);
    return create(StoredFactSchema, { offset: BigInt(sequence), ...(envelope && { envelope }), ...(fact && { fact }) });
  }
}

/** Milliseconds that the caller still waits, at least 1. */
export function leftMs(call: { untilNs: number }): number {
  return Math.max(1, Math.round((call.untilNs - nowNs()) / 1e6));
}

/** @throws ConnectError invalid_argument or permission_denied: nothing was done. */
export function validate(request: AppendFactRequest, names: readonly string[]): { messageId: string; subject: string } {
  const { envelope, fact } = request;
  const invalid = (what: string) => new ConnectError(what, Code.InvalidArgument);
  if (envelope === undefined || fact === undefined) throw invalid("envelope and fact are both needed");
  if (envelope.messageId === "" || envelope.messageId.length > idMaxLength || /[\r\n]/.test(envelope.messageId))
    throw invalid(`message_id must have 1 to ${idMaxLength} characters and no line break`);
  if (envelope.fromZone === "" || envelope.toZone === "") throw invalid("from_zone and to_zone are both needed");
  if (envelope.producedAtUnixMs <= 0n) throw invalid("produced_at_unix_ms must be positive");
  if (fact.subject === "" || fact.predicate === "") throw invalid("subject and predicate are both needed");
  if (!isJson(fact.objectJson)) throw invalid("object_json is not JSON");
  if (!names.includes(envelope.fromZone) || !zoneIdentity.test(envelope.fromZone))
    throw new ConnectError(`the caller may not speak for ${envelope.fromZone}`, Code.PermissionDenied);
  return { messageId: envelope.messageId, subject: subjectToken(fact.subject) };
}

/** SHA-256 over subject, predicate and object, one a line: the contract's "same payload" (docs/node-contract.md). */
export function digestOf({ fact }: AppendFactRequest): string {
  return createHash("sha256").update(`${fact?.subject}\n${fact?.predicate}\n${fact?.objectJson}`).digest("hex");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * One NATS subject token: any character except a letter, digit, "-" or "_" becomes "_". The fact keeps its own subject.
 */
export function subjectToken(subject: string): string {
  return subject.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 128);
}
