// Reads the message id of every fact in a stream, through a consumer without data: for streams that are too long to be
// read fact by fact. The consumer is on one server, so every node must be up.

import { nowNs } from "#base/clock.ts";
import type { IdAudit, AuditIdsRequest } from "#protocol/commands/server.ts";
import { stretchesOf } from "../facts/stretches.ts";
import { contract } from "../namespace/contract.ts";
import { ServerConnection } from "../namespace/server-connection.ts";
import { StreamReader } from "./stream-reader.ts";

const pageFacts = 2_000;
const listedMax = 5;
/** facts/fact.ts makes such ids. */
const idOfClient = /^(?<client>.+)-(?<number>\d+)$/;

/** @throws when the stream could not be read to its end in time. */
export async function auditIds({ pid, stream, timeoutMs }: AuditIdsRequest): Promise<IdAudit> {
  const untilNs = nowNs() + timeoutMs * 1e6;
  const leftMs = () => Math.max(1, Math.min(10_000, (untilNs - nowNs()) / 1e6));
  await using server = await ServerConnection.open(pid, leftMs());
  using reader = await StreamReader.open(server.nc, { stream, after: 0, isHeadersOnly: true }, leftMs());
  const byClient = new Map<string, Set<number>>();
  const idAudit: IdAudit = { messages: 0, byClient: {}, twice: [], strange: [] };
  const note = (list: string[], id: string) => void (list.length < listedMax && list.push(id));
  for (
    let page = await reader.page(pageFacts, leftMs());
    page.length > 0;
    page = await reader.page(pageFacts, leftMs())
  )
    for (const message of page) {
      idAudit.messages += 1;
      const id = message.header(contract.streams.messageId);
      const { client, number } = idOfClient.exec(id)?.groups ?? {};
      if (client === undefined) {
        note(idAudit.strange, id);
        continue;
      }
      const numbers = byClient.get(client) ?? new Set<number>();
      byClient.set(client, numbers);
      if (numbers.has(Number(number))) note(idAudit.twice, id);
      numbers.add(Number(number));
    }
  for (const [client, numbers] of byClient) idAudit.byClient[client] = stretchesOf(numbers);
  return idAudit;
}
