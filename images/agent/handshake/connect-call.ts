// One unary call in Connect's JSON form over HTTP/1.1, on an open socket. Every endpoint of the contract answers it. It
// neither connects nor retries.

import { request } from "node:http";
import type { Duplex } from "node:stream";
import { wallMs } from "#base/clock.ts";
import type { Call } from "./rows.ts";

export interface CallAnswer {
  status: number;
  /** The answer's JSON. An error of Connect has `code`. */
  body: { code?: string; gates?: { name: string; isOpen?: boolean; why?: string }[]; seen?: string };
}

const answerMax = 64 * 1024;

/** A consumer of its own, whose cursor nothing else moves. */
const consumerName = "handshake";
const bucket = "handshake";

function bodyOf(call: Call, messageId: string): object {
  switch (call.name) {
    case "Health":
      return {};
    case "FetchFacts":
      return { consumerName, limit: 1 };
    case "ConfirmReceipt":
      return { consumerName, offset: "1" };
    case "PutObject":
      return { bucket, key: call.key, content: Buffer.from(call.key).toString("base64") };
    case "GetObject":
      return { bucket, key: call.key };
    case "AppendFact":
      return appendOf(call.fromZone, messageId);
  }
}

function appendOf(fromZone: string, messageId: string): object {
  return {
    envelope: {
      messageId,
      fromZone,
      toZone: "enterprise-bsfg",
      producedAtUnixMs: String(Math.round(wallMs())),
    },
    fact: { subject: "handshake", predicate: "tried", objectJson: "{}" },
  };
}

/** @throws the socket's error when it ends before the answer */
export function callOn(socket: Duplex, call: Call, messageId: string): Promise<CallAnswer> {
  const text = JSON.stringify(bodyOf(call, messageId));
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        // Without an agent, so that no idle socket of an earlier row is reused.
        createConnection: () => socket,
        method: "POST",
        path: `/bsfg.v1.BsfgService/${call.name}`,
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text), host: "target" },
      },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          if (body.length < answerMax) body += chunk;
        });
        answer.on("error", reject);
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: jsonOf(body) }));
      },
    );
    sent.on("error", reject);
    sent.end(text);
  });
}

function jsonOf(text: string): CallAnswer["body"] {
  try {
    return JSON.parse(text) as CallAnswer["body"];
  } catch {
    return {};
  }
}
