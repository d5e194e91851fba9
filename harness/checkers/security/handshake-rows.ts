// The handshake matrix in a history, and the assertion that most entries make about a row: it was refused. A refusal
// counts only when the client could offer the row and the endpoint served other rows before and after it.

import type { HandshakeEvent } from "#history/event.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import { type Assertion, kept, refuted, undecided } from "../assertions.ts";

export type SeenRow = At<HandshakeEvent>;

/** Both versions: TLS 1.2 refuses a client certificate inside the handshake, TLS 1.3 after it. */
export const servedVersions = ["TLSv1.2", "TLSv1.3"] as const;

export class Matrix {
  readonly rows: readonly SeenRow[];
  readonly #served: number[];

  constructor(view: HistoryView) {
    this.rows = eventsOf(view.history, "handshake").filter(
      ({ event }) => event.target === `${view.endpoint.vip}:${view.endpoint.rpcPort}`,
    );
    this.#served = this.rows.filter(({ event }) => event.outcome === "served").map(({ event }) => event.t);
  }

  named(row: string): SeenRow | undefined {
    return this.rows.find(({ event }) => event.row === row);
  }

  /** The versions in which the endpoint serves the right certificate. */
  get versions(): string[] {
    return servedVersions.filter((version) => this.named(rightRow(version))?.event.outcome === "served");
  }

  /** The endpoint served another row before this one and another one after it. */
  isBetweenServed(row: SeenRow): boolean {
    return this.#served.some((t) => t < row.event.t) && this.#served.some((t) => t > row.event.t);
  }

  /** Asserts that the row was served. Broken by a refusal while the endpoint serves other rows. */
  served(name: string, says: string): Assertion {
    const row = this.named(name);
    if (!row) return undecided(says, `row "${name}" was not tried`);
    const { outcome, error } = row.event;
    if (outcome === "served") return kept(says, { events: [row.index] });
    const saw = `row "${name}" was ${outcome} (${error ?? "no reason"})`;
    return outcome === "refused" && this.#served.length > 0 ? refuted(says, saw, [row.index]) : undecided(says, saw);
  }

  /** Asserts that the row was refused by an endpoint that serves other rows. */
  refused(name: string, says: string): Assertion {
    const row = this.named(name);
    if (!row) return undecided(says, `row "${name}" was not tried`);
    const { outcome, version, cipher, error } = row.event;
    const agreed = `${version ?? "no TLS"}${cipher ? `, ${cipher}` : ""}`;
    switch (outcome) {
      case "served":
        return refuted(says, `row "${name}" was served (${agreed})`, [row.index]);
      case "not-offerable":
        return undecided(says, `our client cannot offer row "${name}"`);
      case "unreachable":
        return undecided(says, `row "${name}" got no answer (${error ?? "no reason"})`);
      case "refused":
        if (this.isBetweenServed(row)) return kept(says, { saw: error ?? "", events: [row.index] });
        return undecided(says, `row "${name}" was refused, and the endpoint did not serve others before and after`);
    }
  }
}

export function rightRow(version: string): string {
  return `certificate right ${version}`;
}

/** The right certificate was served in at least one version. */
export function servesTheRight(matrix: Matrix): Assertion {
  const says = "the right certificate is served";
  const rows = servedVersions.map((version) => matrix.named(rightRow(version))).filter((row) => row !== undefined);
  const served = rows.find(({ event }) => event.outcome === "served");
  if (served) return kept(says, { saw: matrix.versions.join(", "), events: [served.index] });
  return undecided(says, rows.length > 0 ? "it was served in no version" : "no handshake was tried");
}
