// SEC-1 and SEC-2: TLS below 1.2 is refused, and 1.3 is chosen when both sides offer it.

import { type Checker, type Ruling } from "../checker.ts";
import { type Assertion, kept, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { Matrix, type SeenRow, servesTheRight } from "./handshake-rows.ts";

const old = ["TLSv1", "TLSv1.1"];

export const oldVersions: Checker = {
  entry: "SEC-1",
  check(view): Ruling {
    const matrix = new Matrix(view);
    const assertions = [
      neverAgreed(matrix),
      ...old.map((version) => matrix.refused(`version ${version}`, `${version} is refused`)),
      servesTheRight(matrix),
    ];
    return rulingOf(assertions, { rows: matrix.rows.length, served: matrix.versions });
  },
};

/** A call that was refused later counts too: its handshake had already accepted the version. */
function neverAgreed(matrix: Matrix): Assertion {
  const says = "no handshake ended in a version below TLS 1.2";
  const found = matrix.rows.find(({ event }) => event.version !== undefined && old.includes(event.version));
  return found ? refuted(says, `row "${found.event.row}" agreed on ${found.event.version}`, [found.index]) : kept(says);
}

function newestChosen({ event, index }: SeenRow, says: string): Assertion {
  const { version, error, outcome } = event;
  if (version === "TLSv1.3") return kept(says, { events: [index] });
  if (version === undefined) return undecided(says, `the row agreed on no version (${error ?? outcome})`);
  return refuted(says, `both offered up to TLS 1.3 and ${version} was chosen`, [index]);
}

export const newestVersion: Checker = {
  entry: "SEC-2",
  check(view): Ruling {
    const matrix = new Matrix(view);
    const says = "TLS 1.3 is chosen when both sides offer it";
    const rows = matrix.named("version any");
    const chosen = rows.map((row) => newestChosen(row, says));
    const assertion = rows.length > 0 ? overAll(says, chosen) : undecided(says, "not tried");
    const version = rows[0]?.event.version ?? null;
    return rulingOf([assertion, servesTheRight(matrix)], { chosen: version, served: matrix.versions });
  },
};
