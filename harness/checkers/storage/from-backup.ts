// STO-7: an artifact that its node lost is served again, unaltered, once an operator has put its file back from a
// backup. Decided by the digests that clients received, and by the answer in between: the artifact was really gone.

import type { Operation } from "#history/operations.ts";
import type { HistoryView } from "#history/view.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, missed, refuted, rulingOf, undecided } from "../assertions.ts";
import { unlessCallLate } from "../queries/contention.ts";
import { effectNs, marksOf } from "../queries/history-queries.ts";

export const backFromBackup: Checker = {
  entry: "STO-7",
  check(view) {
    const backup = marksOf(view, "backed-up")[0];
    const put = view.operations.find(
      (one) => one.f === "put" && one.outcome === "ok" && one.endNs < (backup?.event.t ?? -Infinity),
    );
    if (!backup || !put)
      return rulingOf([undecided("an artifact comes back from a backup", "none was acknowledged and backed up")], {});
    const restored = marksOf(view, "backup-restored").find(({ event }) => event.t > backup.event.t);
    const atNs = restored?.event.t ?? Infinity;
    const gets = view.operations.filter((one) => one.f === "get" && one.key === put.key && one.invokeNs > put.endNs);
    const assertions = [
      wasLost(view, put, atNs),
      wasMissing(gets.filter((one) => one.endNs < atNs)),
      restored?.event.detail?.node
        ? kept("an operator put the copy back", { saw: restored.event.detail.node, events: [restored.index] })
        : undecided("an operator put the copy back", restored?.event.detail?.saw ?? "it was not"),
      servedAgain(
        view,
        put,
        gets.find((one) => one.invokeNs > atNs),
      ),
    ];
    return rulingOf(assertions, { key: put.key ?? "", digest: put.digest ?? "" });
  },
};

/** Its disk is gone, not only its role. */
function wasLost(view: HistoryView, put: Operation, untilNs: number): Assertion {
  const says = `${put.node ?? "its node"} lost its artifacts`;
  const life = view.faults.find(
    (one) => one.fault === "rebuilt" && one.nodes.some((node) => node === put.node) && effectNs(one) < untilNs,
  );
  return life && effectNs(life) > put.endNs
    ? kept(says, { events: [life.phases.effective!.index] })
    : undecided(says, "no such loss is proved");
}

function wasMissing(gets: readonly Operation[]): Assertion {
  const says = "the answer before the restore was that there is no such artifact";
  const last = gets.at(-1);
  if (!last) return undecided(says, "no client asked for it then");
  if (last.outcome === "ok") return undecided(says, "it was still served");
  return last.error === "rpc-not-found"
    ? kept(says, { events: [last.index] })
    : undecided(says, `the answer was ${last.error ?? "none"}`);
}

function servedAgain(view: HistoryView, put: Operation, get: Operation | undefined): Assertion {
  const says = "it is served from the backup, with its digest";
  if (!get) return undecided(says, "no client asked for it afterwards");
  if (get.outcome !== "ok")
    return unlessCallLate(view, get, missed(says, `the answer was ${get.error ?? "none"}`, [get.index]));
  return get.digest === put.digest
    ? kept(says, { saw: get.node ?? "", events: [put.index, get.index] })
    : refuted(says, `its digest was ${get.digest?.slice(0, 12)}…, not ${put.digest?.slice(0, 12)}…`, [get.index]);
}
