// Client hellos written by hand, because OpenSSL offers neither SSLv3 nor SSLv2. One is sent on a new connection, and
// the first bytes of the answer say whether the endpoint went on. A hello of TLS 1.2, written in the same way, shows
// that the endpoint answers a right one.

import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { nowNs } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import type { HelloEvent, HelloKind } from "#history/event.ts";
import type { Place } from "./attempt.ts";

/** The right one first and last: what lies between was refused by an endpoint that answers. */
export const hellos: readonly HelloKind[] = ["TLSv1.2", "SSLv3", "SSLv3 in an SSLv2 hello", "SSLv2", "TLSv1.2"];

/** Suites of SSLv3 and later by number: RSA, DHE and ECDHE with RC4, 3DES and AES-CBC. */
const oldSuites = [
  0x0004, 0x0005, 0x000a, 0x002f, 0x0035, 0x0016, 0x0033, 0x0039, 0xc007, 0xc008, 0xc009, 0xc00a, 0xc011, 0xc012,
  0xc013, 0xc014,
];
/** ECDHE with AES-GCM and ChaCha20, for both kinds of key. */
const newSuites = [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8];
/** RC4, RC2, IDEA, DES and 3DES, as SSLv2 numbers them. */
const suitesOf2 = [0x010080, 0x030080, 0x050080, 0x060040, 0x0700c0];

export function helloBytes(kind: HelloKind): Buffer {
  switch (kind) {
    case "TLSv1.2":
      return record(0x0301, body(0x0303, newSuites, extensions()));
    case "SSLv3":
      return record(0x0300, body(0x0300, oldSuites, Buffer.alloc(0)));
    case "SSLv3 in an SSLv2 hello":
      return oldForm(0x0300, oldSuites);
    case "SSLv2":
      return oldForm(0x0002, suitesOf2);
  }
}

const wide = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
const sized = (bytes: number, content: Buffer): Buffer => Buffer.concat([wide(content.length, bytes), content]);
const list = (values: readonly number[], bytes: number): Buffer =>
  Buffer.concat(values.map((value) => wide(value, bytes)));

function body(version: number, suites: readonly number[], rest: Buffer): Buffer {
  const noSession = wide(0, 1);
  const noCompression = Buffer.from([1, 0]);
  return Buffer.concat([
    wide(version, 2),
    randomBytes(32),
    noSession,
    sized(2, list(suites, 2)),
    noCompression,
    ...(rest.length > 0 ? [sized(2, rest)] : []),
  ]);
}

/** Groups, point formats and signatures, without which an endpoint with an elliptic key answers no hello. */
function extensions(): Buffer {
  const groups = sized(2, list([0x001d, 0x0017, 0x0018], 2));
  const formats = sized(1, Buffer.from([0]));
  const signatures = sized(2, list([0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601], 2));
  const all: [number, Buffer][] = [
    [0x000a, groups],
    [0x000b, formats],
    [0x000d, signatures],
  ];
  return Buffer.concat(all.map(([type, content]) => Buffer.concat([wide(type, 2), sized(2, content)])));
}

const [handshakeRecord, alertRecord, clientHello, serverHello] = [22, 21, 1, 2];

function record(version: number, hello: Buffer): Buffer {
  const message = Buffer.concat([wide(clientHello!, 1), sized(3, hello)]);
  return Buffer.concat([wide(handshakeRecord!, 1), wide(version, 2), sized(2, message)]);
}

/** The form of SSLv2, in which SSLv3 may be offered too. Each suite has three bytes. */
function oldForm(version: number, suites: readonly number[]): Buffer {
  const challenge = randomBytes(16);
  const ciphers = list(suites, 3);
  const hello = Buffer.concat([
    wide(clientHello!, 1),
    wide(version, 2),
    wide(ciphers.length, 2),
    wide(0, 2),
    wide(challenge.length, 2),
    ciphers,
    challenge,
  ]);
  return Buffer.concat([wide(0x8000 | hello.length, 2), hello]);
}

const versionNames: Record<number, string> = {
  0x0002: "SSLv2",
  0x0300: "SSLv3",
  0x0301: "TLSv1",
  0x0302: "TLSv1.1",
  0x0303: "TLSv1.2",
};
const nameOf = (version: number): string => versionNames[version] ?? `0x${version.toString(16)}`;
const answerMin = 11;

/** What the first bytes of an answer are; undefined while too few have come. */
export function answerIn(bytes: Buffer): Pick<HelloEvent, "answer" | "version"> | undefined {
  if (bytes.length >= 7 && bytes[0] === alertRecord) return { answer: "alert" };
  if (bytes.length < answerMin) return undefined;
  if (bytes[0] === handshakeRecord && bytes[5] === serverHello)
    return { answer: "server-hello", version: nameOf(bytes.readUInt16BE(9)) };
  // SSLv2's SERVER-HELLO: length, type 4, session hit, kind of certificate, version.
  if ((bytes[0]! & 0x80) !== 0 && bytes[2] === 4)
    return { answer: "server-hello", version: nameOf(bytes.readUInt16BE(5)) };
  return { answer: "other" };
}

/** Never rejects. */
export function tryHello(place: Place, kind: HelloKind, timeoutMs: number): Promise<HelloEvent> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    let isConnected = false;
    const socket = connect({ ...place, noDelay: true });
    const end = (result: Pick<HelloEvent, "answer" | "version">) => {
      clearTimeout(timer);
      socket.destroy();
      const target = `${place.host}:${place.port}`;
      resolve({
        t: nowNs(),
        type: "hello",
        target,
        offered: kind,
        answer: result.answer,
        ...defined({ version: result.version }),
      });
    };
    const timer = setTimeout(() => end({ answer: isConnected ? "silent" : "unreachable" }), timeoutMs);
    socket.once("connect", () => {
      isConnected = true;
      socket.write(helloBytes(kind));
    });
    socket.on("data", (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk]);
      const answer = answerIn(seen);
      if (answer) end(answer);
    });
    const closed = () => end({ answer: isConnected ? "closed" : "unreachable" });
    socket.once("error", closed);
    socket.once("close", closed);
  });
}
