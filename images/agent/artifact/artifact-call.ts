// Makes one PutObject or GetObject through the VIP, or an AppendFact that names an artifact, on its own connection, and
// records it as an operation. It does not retry: the result of this one call is the question.

import { createHash } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { delay, nowNs, wallMs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import type { OperationEvent } from "#history/event.ts";
import { type Outcome, outcomeNamed } from "#protocol/outcome.ts";
import type { ArtifactRequest } from "#protocol/commands/artifact.ts";
import * as bsfg from "../../node/gen/bsfg_pb.ts";
import { Dialer, readCertificates, type Session } from "../client/dialer.ts";
import { digestOf as messageDigest, type FactMessage } from "../facts/fact.ts";
import { splitTarget } from "../client/target.ts";
import { callUnary } from "../client/unary.ts";
import { contentOf } from "./artifact-content.ts";

const put = { name: "PutObject", input: bsfg.PutObjectRequestSchema, output: bsfg.PutObjectResponseSchema };
const get = { name: "GetObject", input: bsfg.GetObjectRequestSchema, output: bsfg.GetObjectResponseSchema };

const append = { name: "AppendFact", input: bsfg.AppendFactRequestSchema, output: bsfg.AppendFactResponseSchema };

const connectTimeoutMs = 300;
const sessionLookMs = 10;
/** Its process name in the history. It makes one call at a time. */
const caller = "caller";

interface End {
  outcome: Outcome;
  digest?: string;
  offset?: number;
}

/** Never rejects, except for certificates that cannot be read. */
export async function callArtifact(
  request: ArtifactRequest,
  emit: (event: OperationEvent) => void,
): Promise<{ outcome: Outcome["type"]; error?: string }> {
  const { f, op, fingerprints } = request;
  const content = contentOf(request.content);
  const key = `${request.bucket}/${request.key}`;
  const fact = f === "refer" ? factNaming(request, content) : undefined;
  const base = { op, process: caller, f: fact ? ("append" as const) : (f as "put" | "get"), key };
  const given = fact
    ? { messageId: fact.envelope!.messageId, digest: messageDigest(fact) }
    : f === "put"
      ? { digest: digestOf(content) }
      : {};
  const dialer = dial(request);
  try {
    emit({ t: nowNs(), type: "invoke", ...base, ...namesOf(given) });
    const session = await sessionOf(dialer, request.callTimeoutMs);
    const end: End = session
      ? await (fact ? refer(session, request, fact) : callOn(session, request, content))
      : { outcome: outcomeNamed(dialer.lastError ?? "not-connected") };
    const { outcome, digest, offset } = end;
    const error = outcome.type === "ok" ? {} : { error: outcome.error };
    const node = session && isAnswer(outcome) ? fingerprints[session.fingerprint] : undefined;
    emit({
      t: nowNs(),
      type: outcome.type,
      ...base,
      ...namesOf(given),
      ...defined({ digest: digest || undefined, offset, node }),
      ...error,
    });
    return { outcome: outcome.type, ...error };
  } finally {
    dialer.close();
  }
}

function dial({ target, serverName, certificates, callTimeoutMs }: ArtifactRequest): Dialer {
  return new Dialer({
    ...splitTarget(target),
    serverName,
    ...readCertificates(certificates),
    connectTimeoutMs,
    handshakeTimeoutMs: callTimeoutMs,
  });
}

async function sessionOf(dialer: Dialer, timeoutMs: number): Promise<Session | undefined> {
  const untilNs = nowNs() + timeoutMs * 1e6;
  while (!dialer.session && nowNs() < untilNs) await delay(sessionLookMs);
  return dialer.session;
}

async function refer(session: Session, { callTimeoutMs }: ArtifactRequest, message: FactMessage): Promise<End> {
  const { outcome, message: reply } = await callUnary(session, append, { message, timeoutMs: callTimeoutMs });
  return { outcome, ...(reply ? { offset: Number(reply.offset) } : {}) };
}

async function callOn(session: Session, request: ArtifactRequest, content: Buffer): Promise<End> {
  const { bucket, key, callTimeoutMs: timeoutMs } = request;
  if (request.f === "put") {
    const { outcome, message } = await callUnary(session, put, {
      message: create(bsfg.PutObjectRequestSchema, { bucket, key, content }),
      timeoutMs,
    });
    return { outcome, ...(message ? { digest: message.digest } : {}) };
  }
  const { outcome, message } = await callUnary(session, get, {
    message: create(bsfg.GetObjectRequestSchema, { bucket, key }),
    timeoutMs,
  });
  // Computed from the content, not taken from the answer.
  return { outcome, ...(message ? { digest: digestOf(message.content) } : {}) };
}

const subject = "line1.report";
const predicate = "has-artifact";

/** The fact that names an artifact, as docs/node-contract.md describes it. */
function factNaming(request: ArtifactRequest & { f: "refer" }, content: Buffer): FactMessage {
  const { bucket, key, fromZone, toZone } = request;
  const objectJson = JSON.stringify({ artifact: { bucket, key, digest: digestOf(content) } });
  const envelope = { messageId: `artifact-${key}`, fromZone, toZone, producedAtUnixMs: BigInt(wallMs()) };
  return create(bsfg.AppendFactRequestSchema, { envelope, fact: { subject, predicate, objectJson } });
}

/** What the history holds of a call from its start. */
function namesOf(given: { messageId?: string; digest?: string }): { messageId?: string; digest?: string } {
  const { messageId, digest } = given;
  return { ...defined({ messageId, digest }) };
}

/** An RPC code is an answer too. */
function isAnswer(outcome: Outcome): boolean {
  return outcome.type === "ok" || outcome.error.startsWith("rpc-");
}

function digestOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
