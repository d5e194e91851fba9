// SEC-4: the endpoint agrees only on cipher suites of the approved baseline, Mozilla's Intermediate configuration.

import { type Checker, counted, type Ruling } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { Matrix, type SeenRow, servesTheRight } from "./handshake-rows.ts";

/** By OpenSSL's names; Mozilla Server Side TLS 5.7, Intermediate. */
const approved = new Set([
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  ...["ECDHE-ECDSA", "ECDHE-RSA"].flatMap((exchange) => [
    `${exchange}-AES128-GCM-SHA256`,
    `${exchange}-AES256-GCM-SHA384`,
    `${exchange}-CHACHA20-POLY1305`,
  ]),
  "DHE-RSA-AES128-GCM-SHA256",
  "DHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-CHACHA20-POLY1305",
]);

/** OpenSSL 3 can offer more than 120. With fewer than this the test covers too little. */
const foreignMin = 60;

export const approvedSuites: Checker = {
  entry: "SEC-4",
  check(view): Ruling {
    const matrix = new Matrix(view);
    const tried = matrix.rows.filter(({ event }) => event.offered.ciphers !== undefined);
    const offered = tried.filter(({ event }) => event.outcome !== "not-offerable");
    const accepted = new Set(matrix.rows.flatMap(({ event }) => event.cipher ?? []));
    const assertions = [
      agreedOnlyApproved(matrix.rows),
      enoughOffered(offered),
      allAnswered(offered, matrix),
      servesTheRight(matrix),
    ];
    return rulingOf(assertions, {
      suitesTried: tried.length,
      suitesOffered: offered.length,
      suitesAccepted: [...accepted].sort(),
      notOfferable: tried.filter((row) => !offered.includes(row)).map(({ event }) => event.offered.ciphers),
    });
  },
};

function agreedOnlyApproved(rows: readonly SeenRow[]): Assertion {
  const says = "every suite agreed on is approved";
  const foreign = rows.filter(({ event }) => event.cipher !== undefined && !approved.has(event.cipher));
  if (foreign.length === 0) return kept(says);
  const names = [...new Set(foreign.map(({ event }) => event.cipher))];
  return refuted(says, `it agreed on ${names.slice(0, 3).join(", ")}`, foreign.map(({ index }) => index).slice(0, 8));
}

/** A suite that was not offered cannot be refused. */
function enoughOffered(offered: readonly SeenRow[]): Assertion {
  const says = "suites outside the baseline were offered";
  const foreign = offered.filter(({ event }) => !approved.has(event.offered.ciphers!));
  if (foreign.length >= foreignMin) return kept(says, { saw: counted(foreign.length, "suite") });
  return undecided(
    says,
    `our client could offer ${counted(foreign.length, "such suite")}, and at least ${foreignMin} are needed`,
  );
}

function allAnswered(offered: readonly SeenRow[], matrix: Matrix): Assertion {
  const says = "each suite that was offered got an answer";
  const lost = offered.find((row) => row.event.outcome === "unreachable" || !matrix.isBetweenServed(row));
  if (!lost) return kept(says);
  return undecided(says, `row "${lost.event.row}" got none (${lost.event.error ?? "no row was served after it"})`);
}
