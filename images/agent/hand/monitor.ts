// One question to the monitoring port of a node's server, through a door.

import { get } from "node:http";
import { Door } from "./door.ts";

const monitorPort = 8222;

/** The answer's JSON, whatever its status. @throws when none comes in time. */
export async function getJson(pid: number, path: string, timeoutMs: number): Promise<unknown> {
  using door = await Door.open(pid, monitorPort);
  return await new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: door.port, path, timeout: timeoutMs, agent: false } as const;
    const request = get(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => {
        try {
          resolve(JSON.parse(text));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on("timeout", () => request.destroy(new Error("the server's monitor did not answer")));
    request.on("error", reject);
  });
}
