// STO-5 and part of INV-1: nodes share no storage. Decided by the kernel's mounts: no file system, and no part of one,
// is writable on one node and visible on another.

import type { InspectedMount, InspectionEvent } from "#history/event.ts";
import type { At, HistoryView } from "#history/view.ts";
import type { Figures } from "#spec/figures.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";
import { type Round, wholeRounds } from "../queries/inspection-rounds.ts";

export const noSharedStorage: Checker = {
  entry: "STO-5",
  check(view) {
    const rounds = wholeRounds(view);
    return rulingOf(rounds.length > 0 ? rounds.map(sharesNothing) : [neverSeen], figuresOf(view));
  },
};

export const neverSeen = undecided("nodes share no storage", "no inspection shows all three nodes");

export function figuresOf(view: HistoryView): Figures {
  const mounts = wholeRounds(view)[0]?.inspections.values() ?? [];
  return { mounts: Object.fromEntries([...mounts].map(({ event }) => [event.node, event.mounts.length])) };
}

/** Kernel interfaces, which every node sees. They are not storage. */
const kernelTypes = new Set(
  (
    "proc sysfs cgroup cgroup2 devpts mqueue devtmpfs securityfs debugfs tracefs bpf pstore configfs fusectl " +
    "hugetlbfs autofs binfmt_misc nsfs efivarfs selinuxfs"
  ).split(" "),
);

export function isStorage({ type }: InspectedMount): boolean {
  return !kernelTypes.has(type);
}

/** Network file systems: each mount has its own device number, so the source identifies them. */
const networkType = /^(?:nfs|nfs4|cifs|smb3|ceph|9p|glusterfs|gfs2|ocfs2|lustre|beegfs|virtiofs|fuse[.].*)$/;

/** Both mounts show the same file system, and one shows a part of the other. */
export function isSame(a: InspectedMount, b: InspectedMount): boolean {
  if (a.isReadOnly && b.isReadOnly) return false;
  if (networkType.test(a.type) && a.type === b.type && a.source === b.source) return true;
  return a.device === b.device && (isBelow(a.root, b.root) || isBelow(b.root, a.root));
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** For the nodes that were inspected in this round. */
export function sharesNothing(round: Round): Assertion {
  const inspections = [...round.inspections.values()];
  const says = `${inspections.map(({ event }) => event.node).join(", ")} share no storage`;
  const bare = inspections.find(({ event }) => !event.mounts.some(isStorage));
  if (bare) return undecided(says, `the inspection of ${bare.event.node} names no file system`);
  for (const [place, a] of inspections.entries())
    for (const b of inspections.slice(place + 1)) {
      const shared = sharedBy(a, b);
      if (shared)
        return refuted(says, `${shared.path} of ${a.event.node} is ${shared.there} of ${b.event.node}`, [
          a.index,
          b.index,
        ]);
    }
  return kept(says, { events: inspections.map(({ index }) => index) });
}

function sharedBy(a: At<InspectionEvent>, b: At<InspectionEvent>): { path: string; there: string } | undefined {
  for (const one of a.event.mounts.filter(isStorage)) {
    const same = b.event.mounts.find((other) => isStorage(other) && isSame(one, other));
    if (same) return { path: one.path, there: same.path };
  }
  return undefined;
}
