// Asks a node's server how it is, through a door into the node's network namespace. One connection a look carries both
// questions; nothing of ours stays in the namespace, which would outlive its node.

import { Agent, get } from "node:http";
import { messageOf } from "#base/errors.ts";
import { ports } from "#spec/node.ts";
import type { ServerLook } from "#wire/monitor-look.ts";
import { Door } from "../hand/door.ts";
import { serverLookOf } from "./server-answers.ts";

const answerMax = 256 * 1024;

/** Never rejects: a server that does not answer in `timeoutMs` is an answer. */
export async function lookAtServer(pid: number, timeoutMs: number): Promise<ServerLook> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    using door = await Door.open(pid, ports.natsMonitor);
    const signal = AbortSignal.timeout(timeoutMs);
    const ask = (path: string) => askOne({ agent, port: door.port, path, signal });
    const [health, jetstream] = await Promise.all([ask("/healthz"), ask("/jsz")]);
    return serverLookOf(health, jetstream);
  } catch (error) {
    const isLate = error instanceof Error && error.name === "AbortError";
    return { error: isLate ? `no answer in ${timeoutMs} ms` : messageOf(error) };
  } finally {
    agent.destroy();
  }
}

interface Question {
  agent: Agent;
  port: number;
  path: string;
  /** Ends it over the whole answer: a server that was stopped accepts and says nothing. */
  signal: AbortSignal;
}

/** The text of an answer, whatever its status: /healthz says what is wrong with a 503. */
function askOne({ agent, port, path, signal }: Question): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", port, path, agent, signal }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        if (text.length < answerMax) text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}
