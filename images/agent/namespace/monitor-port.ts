// Queries to the monitoring port of a node's server, through a proxy into the node's network namespace. One connection
// carries all of them, and nothing of ours stays in the namespace.

import { Agent, get } from "node:http";
import { contract } from "./contract.ts";
import { LoopbackProxy } from "./loopback-proxy.ts";

export interface HttpAnswer {
  status: number;
  text: string;
}

/** The longest answers of a test zone have about 20 KB. */
const answerMax = 4 * 1024 * 1024;

/** Answers in the order of the paths, whatever their status. @throws when not all come in `timeoutMs` */
export async function askMonitor(pid: number, paths: readonly string[], timeoutMs: number): Promise<HttpAnswer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  // Covers the whole answers: a stopped server accepts connections and says nothing.
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    using proxy = await LoopbackProxy.open(pid, contract.ports.natsMonitor);
    return await Promise.all(paths.map((path) => askOne({ agent, port: proxy.port, path, signal })));
  } catch (error) {
    if (signal.aborted) throw new Error(`no answer in ${timeoutMs} ms`, { cause: error });
    throw error;
  } finally {
    agent.destroy();
  }
}

/** One answer's JSON, whatever its status. @throws as `askMonitor`, and when it is not JSON */
export async function getJson(pid: number, path: string, timeoutMs: number): Promise<unknown> {
  const [answer] = await askMonitor(pid, [path], timeoutMs);
  return JSON.parse(answer!.text);
}

function askOne(question: { agent: Agent; port: number; path: string; signal: AbortSignal }): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", ...question }, (response) => {
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
