// SEC-11: SSLv3 and SSLv2 are refused. OpenSSL offers neither, so the hellos were written by hand. Each old one must be
// answered by an alert or a closed connection, between two hellos of TLS 1.2 that the same node answered.

import type { HelloEvent, HelloKind } from "#history/event.ts";
import { type At, eventsOf, type HistoryView } from "#history/view.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, overAll, refuted, rulingOf, undecided } from "../assertions.ts";
import { triedOnEach } from "./callers.ts";
import { activeAt } from "../queries/history-queries.ts";

const old: readonly HelloKind[] = ["SSLv3", "SSLv3 in an SSLv2 hello", "SSLv2"];

export const sslRefused: Checker = {
  entry: "SEC-11",
  check(view) {
    const hellos = eventsOf(view.history, "hello");
    const assertions = [
      noneAgreed(hellos),
      ...old.map((kind) => refused(view, hellos, kind)),
      ...triedOnEach(
        view,
        hellos.map(({ event }) => activeAt(view, event.t)),
      ),
    ];
    return rulingOf(assertions, { rows: hellos.length });
  },
};

/** Whatever was offered: an answer in an old version is one too many. */
function noneAgreed(hellos: readonly At<HelloEvent>[]): Assertion {
  const says = "no answer agrees to SSLv3 or SSLv2";
  const wrong = hellos.find(({ event }) => event.version?.startsWith("SSL"));
  if (wrong)
    return refuted(says, `a hello of ${wrong.event.offered} was answered in ${wrong.event.version}`, [wrong.index]);
  return hellos.length > 0 ? kept(says) : undecided(says, "no hello was sent");
}

function refused(view: HistoryView, hellos: readonly At<HelloEvent>[], kind: HelloKind): Assertion {
  const says = `${kind} is refused`;
  const sent = hellos.filter(({ event }) => event.offered === kind);
  if (sent.length === 0) return undecided(says, "it was not offered");
  return overAll(
    says,
    sent.map((hello) => {
      const { answer, version } = hello.event;
      const node = activeAt(view, hello.event.t);
      const where = node ? ` on ${node}` : "";
      if (answer === "server-hello")
        return refuted(says, `the endpoint${where} answered it in ${version ?? "some version"}`, [hello.index]);
      if (answer !== "alert" && answer !== "closed") return undecided(says, `the answer${where} was "${answer}"`);
      const right = hellos.filter(
        ({ event }) =>
          event.offered === "TLSv1.2" && event.answer === "server-hello" && activeAt(view, event.t) === node,
      );
      const isBetween =
        right.some(({ event }) => event.t < hello.event.t) && right.some(({ event }) => event.t > hello.event.t);
      return isBetween
        ? kept(says, { saw: answer, events: [hello.index] })
        : undecided(says, `the endpoint${where} did not answer TLS 1.2 before and after`);
    }),
  );
}
