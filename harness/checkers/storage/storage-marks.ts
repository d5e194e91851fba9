// STO-6: what one node writes to its storage no other node sees. Decided by files that the harness wrote into each
// folder of each node, and by the lists of all folders. Names, types and device numbers of the mounts play no part.

import type { FilesEvent } from "#history/event.ts";
import { type At, eventsOf } from "#history/view.ts";
import { nodeNames } from "#spec/node.ts";
import { writerOf } from "#spec/storage-mark.ts";
import type { Checker } from "../checker.ts";
import { type Assertion, kept, refuted, rulingOf, undecided } from "../assertions.ts";

export const writesStay: Checker = {
  entry: "STO-6",
  check(view) {
    const lists = eventsOf(view.history, "files");
    const marked = lists.filter(({ event }) => event.files.some(({ path }) => writerOf(path) !== undefined));
    const folders = [...new Set(marked.map(({ event }) => event.folder))].sort();
    return rulingOf([...nodeNames.map((node) => seesItsOwn(marked, node)), seesNoOther(lists)], {
      mounts: Object.fromEntries(
        folders.map((folder) => [folder, marked.filter(({ event }) => event.folder === folder).length]),
      ),
    });
  },
};

/** Otherwise the lists would not show a mark of another node either. */
function seesItsOwn(marked: readonly At<FilesEvent>[], node: string): Assertion {
  const says = `the list of ${node} shows the file that was written there`;
  const own = marked.find(
    ({ event }) => event.node === node && event.files.some(({ path }) => writerOf(path) === node),
  );
  return own ? kept(says, { events: [own.index] }) : undecided(says, "none does");
}

function seesNoOther(lists: readonly At<FilesEvent>[]): Assertion {
  const says = "no node sees a file that was written on another";
  for (const { event, index } of lists) {
    const file = event.files.find(({ path }) => (writerOf(path) ?? event.node) !== event.node);
    if (file)
      return refuted(says, `${event.folder} of ${event.node} holds a file that was written on ${writerOf(file.path)}`, [
        index,
      ]);
  }
  return lists.length > 0 ? kept(says) : undecided(says, "nothing was listed");
}
