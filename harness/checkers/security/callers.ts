// SEC-12: every call is refused to a caller that is neither the zone nor its peer, reads included. A refusal counts
// when the same node served the same call to the zone itself.

import { eventsOf, type HistoryView } from "#history/view.ts";
import type { NodeName } from "#spec/node.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, overAll, rulingOf, undecided } from "../assertions.ts";
import { activeAt, marksOf } from "../queries/history-queries.ts";
import { Matrix, type SeenRow, servesTheRight } from "./handshake-rows.ts";

const calls = ["PutObject", "GetObject", "FetchFacts", "ConfirmReceipt"] as const;

const callers: [certificate: string, words: string][] = [
  ["other-zone", "another zone's certificate"],
  ["no-zone", "a certificate of no zone"],
];

export const foreignCallersRefused: Checker = {
  entry: "SEC-12",
  check(view) {
    const matrix = new Matrix(view);
    const rows = eventsOf(view.history, "handshake").filter(({ event }) => event.offered.call !== undefined);
    const nodeOf = ({ event }: SeenRow) => activeAt(view, event.t);
    const nodes = [...new Set(rows.map(nodeOf))].filter((node) => node !== undefined);
    const judge = (call: string, certificate: string, says: string): Assertion => {
      const tried = rows.filter(({ event }) => event.offered.call === call);
      const by = (name: string) => tried.filter(({ event }) => event.offered.certificate === name);
      if (by(certificate).length === 0) return undecided(says, "it was not tried");
      return overAll(
        says,
        by(certificate).map((row) => {
          const refusal = matrix.refusal(row, says);
          if (refusal.verdict !== "kept") return refusal;
          const isServed = by("right").some((one) => one.event.outcome === "served" && nodeOf(one) === nodeOf(row));
          return isServed
            ? refusal
            : undecided(says, `${nodeOf(row) ?? "no node"} did not serve it to the zone either`);
        }),
      );
    };
    const assertions = [
      ...calls.flatMap((call) =>
        callers.map(([certificate, words]) => judge(call, certificate, `${words} is refused ${call}`)),
      ),
      ...triedOnEach(view, nodes),
      servesTheRight(matrix),
    ];
    return rulingOf(assertions, { node: nodes.join(", "), rows: rows.length });
  },
};

/** On a node that was active, and on each that the scenario moves the service to. */
export function triedOnEach(view: HistoryView, nodes: readonly (NodeName | undefined)[]): Assertion[] {
  const meant = marksOf(view, "provoked").flatMap(({ event }) => event.detail.to ?? []);
  const missing = [...new Set(meant)].find((node) => !nodes.includes(node));
  const says = "it was tried on every node that served";
  const seen = nodes.filter((node) => node !== undefined);
  if (missing) return [undecided(says, `it was not tried on ${missing}`)];
  return [seen.length > 0 ? kept(says, { saw: seen.join(", ") }) : undecided(says, "no node was active then")];
}
