// The handshake matrix in a history, and the assertion that most entries make about a row: it was refused. A refusal
// counts only when the client could offer the row and the endpoint served other rows before and after it.

import type { HandshakeEvent } from "#history/event.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";
import { type Assertion, kept, overAll, refuted, undecided } from "../assertions.ts";
import { activeAt } from "../queries/history-queries.ts";

export type SeenRow = At<HandshakeEvent>;

/** Both versions: TLS 1.2 refuses a client certificate inside the handshake, TLS 1.3 after it. */
export const servedVersions = ["TLSv1.2", "TLSv1.3"] as const;

export class Matrix {
  readonly rows: readonly SeenRow[];
  readonly #nodeAt: (row: SeenRow) => NodeName | undefined;
  readonly #served: readonly SeenRow[];

  constructor(view: HistoryView) {
    this.rows = eventsOf(view.history, "handshake");
    this.#nodeAt = ({ event }) => activeAt(view, event.t);
    this.#served = this.rows.filter(({ event }) => event.outcome === "served");
  }

  /** Every row of that name: one for each time and each node that it was tried on. */
  named(row: string): SeenRow[] {
    return this.rows.filter(({ event }) => event.row === row);
  }

  /** The versions in which the endpoint serves the right certificate. */
  get versions(): string[] {
    return servedVersions.filter((version) =>
      this.named(rightRow(version)).some(({ event }) => event.outcome === "served"),
    );
  }

  /** The same node served another row before this one and another one after it. */
  isBetweenServed(row: SeenRow): boolean {
    const node = this.#nodeAt(row);
    const ofNode = this.#served.filter((one) => this.#nodeAt(one) === node).map(({ event }) => event.t);
    return ofNode.some((t) => t < row.event.t) && ofNode.some((t) => t > row.event.t);
  }

  /** Asserts that every row of that name was served. Broken by a refusal while the endpoint serves other rows. */
  served(name: string, says: string): Assertion {
    return this.#each(name, says, (row) => {
      const { outcome, error } = row.event;
      if (outcome === "served") return kept(says, { events: [row.index] });
      const saw = `${this.#wordsFor(row)} was ${outcome} (${error ?? "no reason"})`;
      return outcome === "refused" && this.#served.length > 0 ? refuted(says, saw, [row.index]) : undecided(says, saw);
    });
  }

  /** Asserts that every row of that name was refused by an endpoint that serves other rows. */
  refused(name: string, says: string): Assertion {
    return this.#each(name, says, (row) => this.refusal(row, says));
  }

  /** The same of one row. */
  refusal(row: SeenRow, says: string): Assertion {
    const { outcome, version, cipher, error } = row.event;
    const words = this.#wordsFor(row);
    const agreed = `${version ?? "no TLS"}${cipher ? `, ${cipher}` : ""}`;
    switch (outcome) {
      case "served":
        return refuted(says, `${words} was served (${agreed})`, [row.index]);
      case "not-offerable":
        return undecided(says, `our client cannot offer ${words}`);
      case "unreachable":
        return undecided(says, `${words} got no answer (${error ?? "no reason"})`);
      case "refused":
        if (this.isBetweenServed(row)) return kept(says, { saw: error ?? "", events: [row.index] });
        return undecided(says, `${words} was refused, and the endpoint did not serve others before and after`);
    }
  }

  /** Only clients with the right certificate are served, in the name of their own zone, whatever the row is called. */
  onlyTheRight(zoneId: string, says: string): Assertion {
    const wrong = this.#served.find(
      ({ event: { offered } }) =>
        offered.certificate !== "right" || (offered.fromZone !== undefined && offered.fromZone !== zoneId),
    );
    if (wrong) return refuted(says, `${this.#wordsFor(wrong)} was served`, [wrong.index]);
    return this.rows.length > 0 ? kept(says) : undecided(says, "no handshake was tried");
  }

  /** Also a client without TLS. */
  noneWithoutCertificate(says: string): Assertion {
    const wrong = this.#served.find(({ event }) => event.offered.certificate === "none");
    if (wrong) return refuted(says, `${this.#wordsFor(wrong)} was served`, [wrong.index]);
    return this.rows.length > 0 ? kept(says) : undecided(says, "no handshake was tried");
  }

  #each(name: string, says: string, judge: (row: SeenRow) => Assertion): Assertion {
    const rows = this.named(name);
    return rows.length > 0 ? overAll(says, rows.map(judge)) : undecided(says, `row "${name}" was not tried`);
  }

  #wordsFor(row: SeenRow): string {
    const node = this.#nodeAt(row);
    return `row "${row.event.row}"${node ? ` on ${node}` : ""}`;
  }
}

export function rightRow(version: string): string {
  return `certificate right ${version}`;
}

/** The right certificate was served in at least one version. */
export function servesTheRight(matrix: Matrix): Assertion {
  const says = "the right certificate is served";
  const rows = servedVersions.flatMap((version) => matrix.named(rightRow(version)));
  const served = rows.find(({ event }) => event.outcome === "served");
  if (served) return kept(says, { saw: matrix.versions.join(", "), events: [served.index] });
  return undecided(says, rows.length > 0 ? "it was served in no version" : "no handshake was tried");
}
