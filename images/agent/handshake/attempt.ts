// One attempt: TCP, then the row's TLS, then its call. It reports how far it came. The caller decides what that means
// for a row that this client may not be able to offer.

import { connect as openTcp, type Socket } from "node:net";
import { connect as openTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { wallMs } from "#base/clock.ts";
import { type CallAnswer, callOn } from "./connect-call.ts";
import type { Row } from "./rows.ts";

const dayMs = 86_400_000;
/** Connect's codes for a caller without permission. */
const denials = ["permission_denied", "unauthenticated"];
/** All suites of OpenSSL, the weak ones included. */
const everything = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";

export interface Place {
  host: string;
  port: number;
}

export interface Means {
  ca: Buffer;
  certificates: Record<string, { certificate: Buffer; key: Buffer }>;
  timeoutMs: number;
}

export interface Result {
  outcome: "served" | "refused" | "unreachable";
  version?: string;
  cipher?: string;
  error?: string;
  server?: { fingerprint: string; leftDays: number };
  body?: CallAnswer["body"];
}

/** Never rejects. A connection that closes after TCP is up counts as a refusal, and so does a code that denies. */
export async function attempt(place: Place, row: Row, means: Means): Promise<Result> {
  const result: Result = { outcome: "unreachable" };
  const tcp = openTcp({ ...place, noDelay: true });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error("timeout"), { code: "timeout" })), means.timeoutMs);
  });
  try {
    await Promise.race([carryOut(tcp, row, { means, result }), late]);
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    result.error = code ?? message;
    // Silence is not a refusal. A refusal is an answer or a closed connection.
    if (code !== "timeout" && result.outcome === "refused") return result;
    result.outcome = "unreachable";
  } finally {
    clearTimeout(timer);
    tcp.destroy();
  }
  return result;
}

async function carryOut(tcp: Socket, row: Row, parts: { means: Means; result: Result }): Promise<void> {
  const { means, result } = parts;
  await until(tcp, "connect");
  tcp.on("error", () => {});
  // From here on, an end of the connection is a refusal by the other side.
  result.outcome = "refused";
  const socket = row.versions === undefined ? tcp : await greet(tcp, optionsOf(row, means), result);
  const { status, body } = await callOn(socket, row.call, `handshake-${row.row}`);
  result.body = body;
  if (status === 200) result.outcome = "served";
  else result.error = body.code ?? `http-${status}`;
  // Plain HTTP has no Connect codes: any other answer is a refusal.
  if (status !== 200 && row.versions !== undefined && !denials.includes(result.error ?? ""))
    result.outcome = "unreachable";
}

async function greet(tcp: Socket, options: ConnectionOptions, result: Result): Promise<TLSSocket> {
  const tls = openTls({ ...options, socket: tcp });
  await until(tls, "secureConnect");
  // Later errors surface through the call.
  tls.on("error", () => {});
  result.version = tls.getProtocol() ?? "";
  result.cipher = tls.getCipher().name;
  const shown = tls.getPeerCertificate();
  if (shown.fingerprint256)
    result.server = {
      fingerprint: shown.fingerprint256.replaceAll(":", "").toLowerCase(),
      leftDays: Math.round(((Date.parse(shown.valid_to) - wallMs()) / dayMs) * 100) / 100,
    };
  return tls;
}

function optionsOf(row: Row, means: Means): ConnectionOptions {
  const [minVersion, maxVersion] = row.versions!;
  const pair = means.certificates[row.certificate];
  return {
    minVersion,
    maxVersion,
    // OpenSSL lists the suites of TLS 1.3 separately, and needs at least one of the others.
    ciphers:
      row.cipher === undefined ? everything : `${row.cipher}:${row.cipher.startsWith("TLS_") ? "ALL:" : ""}@SECLEVEL=0`,
    ALPNProtocols: ["http/1.1"],
    ca: means.ca,
    // The client must see what is refused. The rows with the right certificate check the server's identity by its
    // fingerprint.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(pair ? { cert: pair.certificate, key: pair.key } : {}),
    ...(row.cipher?.includes("PSK") ? { pskCallback: () => ({ psk: sharedKey, identity: "triad" }) } : {}),
  };
}

/** Our own permissive server knows it; no other server does. */
export const sharedKey = Buffer.alloc(16, 7);

function until(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once("error", reject);
    socket.once("close", () => reject(Object.assign(new Error("closed"), { code: "closed" })));
  });
}
