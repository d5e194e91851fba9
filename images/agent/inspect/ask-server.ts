// Two plain queries to a node's server: one call of JetStream's API, and one page of the monitoring port. The answer
// goes back as it came.

import type { AskMonitorRequest, AskStoreRequest } from "#protocol/commands/server.ts";
import { getJson } from "../namespace/monitor-port.ts";
import { ServerConnection } from "../namespace/server-connection.ts";

const connectTimeoutMs = 2_000;

/** An error answer of the server is a reply too. @throws without an answer in time */
export async function askStore({ pid, api, body, login, timeoutMs }: AskStoreRequest): Promise<{ answer: unknown }> {
  await using server = await ServerConnection.open(pid, Math.min(connectTimeoutMs, timeoutMs), login);
  const payload = body === undefined ? "" : JSON.stringify(body);
  const message = await server.nc.request(`$JS.API.${api}`, payload, { timeout: timeoutMs });
  return { answer: message.json() };
}

/** @throws without an answer in time */
export async function askMonitorPage({ pid, path, timeoutMs }: AskMonitorRequest): Promise<{ answer: unknown }> {
  return { answer: await getJson(pid, path, timeoutMs) };
}
