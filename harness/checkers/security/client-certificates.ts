// SEC-3 and NET-1: which clients are served. The right client is served, and only on the VIP. Refused in every TLS
// version of the endpoint: a client without a certificate, or with one that has expired, that a foreign CA signed, or
// that has the wrong identity.

import { eventsOf, type HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import { nodeNames } from "#spec/node.ts";
import { type Checker, type Ruling } from "../checker.ts";
import { type Assertion, kept, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { specOf } from "../queries/zone-timers.ts";
import { Matrix, servesTheRight } from "./handshake-rows.ts";

/** Names of rows, without the version, and what their refusal means. */
const untrusted: [string, string][] = [
  ["certificate none", "a client without a certificate is refused"],
  ["certificate foreign-ca", "a certificate of a foreign CA is refused"],
  ["certificate expired", "an expired certificate is refused"],
];

/** Clients of other vendors, so that the result does not depend on one implementation of the protocols. */
const stockClients = [
  ["grpc-js", "gRPC"],
  ["undici", "Connect"],
] as const;

const noCertificate = "a client without a certificate is refused";

export const badCertificates: Checker = {
  entry: "SEC-3",
  check(view): Ruling {
    const matrix = new Matrix(view);
    const assertions = matrix.versions.flatMap((version) => [
      ...untrusted.map(([row, says]) => matrix.refused(`${row} ${version}`, `${says} (${version})`)),
      ...wrongIdentities(view, matrix, version),
    ]);
    const { zoneId } = specOf(view);
    const only = matrix.onlyTheRight(zoneId, "only the right certificate is served, for its own zone");
    return rulingOf([...assertions, only, servesTheRight(matrix)], figuresOf(matrix));
  },
};

/** A certificate may append only for its own zone. A certificate of no zone may append for none. */
function wrongIdentities(view: HistoryView, matrix: Matrix, version: string): Assertion[] {
  const zoneId = specOf(view).zoneId;
  const rows = matrix.rows.filter(
    ({ event }) => event.offered.fromZone !== undefined && event.row.endsWith(` ${version}`),
  );
  const wrong: [string, (fromZone: string) => boolean, string][] = [
    ["other-zone", (zone) => zone === zoneId, "another zone's certificate may not speak for this one"],
    ["no-zone", (zone) => zone === zoneId, "a certificate of no zone may not speak for this one"],
    ["no-zone", (zone) => zone !== zoneId, "a certificate of no zone may not speak for itself"],
    ["right", (zone) => zone !== zoneId, "this zone's certificate may not speak for another"],
  ];
  return wrong.map(([certificate, isMeant, words]) => {
    const says = `${words} (${version})`;
    const meant = rows.filter(
      ({ event }) => event.offered.certificate === certificate && isMeant(event.offered.fromZone!),
    );
    return meant.length > 0
      ? overAll(
          says,
          meant.map((row) => matrix.refusal(row, says)),
        )
      : undecided(says, "it was not tried");
  });
}

export const mutualTls: Checker = {
  entry: "NET-1",
  check(view): Ruling {
    const matrix = new Matrix(view);
    const assertions = [
      ...matrix.versions.map((version) =>
        matrix.refused(`certificate none ${version}`, `${noCertificate} (${version})`),
      ),
      matrix.refused("plain HTTP", "a client without TLS is refused"),
      matrix.noneWithoutCertificate("no client without a certificate is served"),
      servesTheRight(matrix),
      ...stockClients.flatMap(([client, words]) => [
        matrix.served(`stock ${client} right`, `a ${words} client of another make is served`),
        matrix.refused(`stock ${client} none`, `a ${words} client of another make without a certificate is refused`),
      ]),
      ...nodeNames.map((node) => noneListens(view, `${view.history.header.zone.nodes[node].zoneAddress}`)),
    ];
    return rulingOf(assertions, figuresOf(matrix));
  },
};

/** The node's own address has no endpoint. */
function noneListens(view: HistoryView, address: string): Assertion {
  const target = `${address}:${view.endpoint.rpcPort}`;
  const says = `no program answers on ${target}`;
  const tried = eventsOf(view.history, "attempt").filter(
    ({ event }) => event.from === "client" && event.target === target,
  );
  const open = tried.find(({ event }) => event.outcome === "connected");
  if (open) return refuted(says, `a connection from the client host to ${target} was accepted`, [open.index]);
  const refusal = tried.find(({ event }) => event.outcome === "refused");
  return refusal
    ? kept(says, { events: [refusal.index] })
    : undecided(says, "it was not tried, or there was no answer");
}

function figuresOf(matrix: Matrix): Figures {
  const asked = matrix.rows.filter(({ event }) => event.offered.certificate !== "right" || event.offered.fromZone);
  const refusals = asked.filter(({ event }) => event.outcome === "refused");
  return {
    served: matrix.versions,
    refusals: Object.fromEntries(refusals.map(({ event }) => [event.row, event.error ?? "closed"])),
  };
}
