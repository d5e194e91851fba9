// Runs inside a node's network namespace for as long as its monitor does: for each line on stdin it asks the server on
// the node's loopback how it is, and answers with one line. One process a node instead of one a look: starting Node
// costs a tenth of a second of a core.

import { get } from "node:http";
import { messageOf } from "#base/errors.ts";
import { ports } from "#spec/node.ts";
import { encodeLine, LineDecoder } from "#wire/codec.ts";
import type { ServerLook } from "#wire/monitor-look.ts";
import { serverLookOf } from "./server-answers.ts";

const answerMax = 256 * 1024;

export interface ServerQuestion {
  id: number;
  timeoutMs: number;
}

export type ServerAnswer = { id: number; look: ServerLook };

export function runServerChild(): void {
  const decoder = new LineDecoder<ServerQuestion>(() => {});
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (chunk: string) => {
    for (const question of decoder.push(chunk)) void answer(question);
  });
  process.stdin.on("end", () => process.exit(0));
}

async function answer({ id, timeoutMs }: ServerQuestion): Promise<void> {
  let look: ServerLook;
  try {
    const [health, jetstream] = await Promise.all([ask("/healthz", timeoutMs), ask("/jsz", timeoutMs)]);
    look = serverLookOf(health, jetstream);
  } catch (error) {
    look = { error: messageOf(error) };
  }
  process.stdout.write(encodeLine({ id, look } satisfies ServerAnswer));
}

/** The text of an answer, whatever its status: /healthz says what is wrong with a 503. */
function ask(path: string, timeoutMs: number): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port: ports.natsMonitor, path, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        if (text.length < answerMax) text += chunk;
      });
      response.on("end", () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    // Over the whole answer: a server that was stopped accepts and says nothing.
    const timer = setTimeout(() => request.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
