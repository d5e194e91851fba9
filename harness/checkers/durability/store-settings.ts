// What the three servers keep, how, and where: every stream and consumer against the list of what a zone may have, and
// the place of each store by the files that the server has open. Several entries share it; the file decides none.

import type { HeldStream, InspectionEvent } from "#history/event.ts";
import type { HistoryView } from "#history/view.ts";
import {
  diskTypes,
  durableConsumer,
  forbiddenSetting,
  knownStreams,
  passingReader,
  streamAccount,
} from "#spec/streams.ts";
import { type Assertion, kept, refuted, undecided } from "../assertions.ts";
import { isOurs, type Round } from "../queries/inspection-rounds.ts";
import { collects } from "../queries/evidence.ts";
import { isProgram, nodeOf } from "../queries/judged-node.ts";

/** The streams of a round that `isAsked` picks are set to nothing that loses or moves what was acknowledged. */
export function allowedSettings(
  view: HistoryView,
  round: Round | undefined,
  isAsked: (name: string) => boolean = () => true,
): Assertion[] {
  const says = "every stream and consumer is one that the zone knows, and set as the zone needs it";
  if (!collects(view, "store-settings")) return [];
  const answers = [...(round?.servers.values() ?? [])].filter(({ event }) => event.streams);
  for (const { event, index } of answers)
    for (const stream of event.streams!.filter(({ name }) => !isOurs(name) && isAsked(name))) {
      const wrong = wrongIn(stream, knownStreams(nodeOf(view).streams));
      if (wrong) return [refuted(says, `${stream.name} on ${event.node}: ${wrong}`, [index])];
      if (!stream.settings) return [undecided(says, `the server of ${event.node} gave no settings of ${stream.name}`)];
    }
  return answers.length > 0
    ? [kept(says, { events: answers.map(({ index }) => index) })]
    : [undecided(says, "no server named its streams")];
}

function wrongIn(
  { name, account, settings, consumers, readers = [] }: HeldStream,
  known: ReturnType<typeof knownStreams>,
): string | undefined {
  const allowed = known[name];
  if (!allowed) return "no stream of the zone";
  if (account !== undefined && account !== streamAccount) return `in account ${account}`;
  const setting = settings && forbiddenSetting(settings, allowed);
  if (setting) return setting;
  for (const one of consumers) {
    const wrong = one.settings && forbiddenSetting(one.settings, durableConsumer);
    if (wrong) return `durable consumer ${one.name}: ${wrong}`;
  }
  for (const one of readers) {
    const wrong = forbiddenSetting(one.settings, passingReader);
    if (wrong) return `consumer ${one.name}: ${wrong}`;
  }
  return undefined;
}

/** Every file that a server has open for its store is on a disk, in the folder that a new disk replaces. */
export function storesOnDisk(view: HistoryView, round: Round | undefined): Assertion[] {
  const says = "each server keeps its store on a disk, in the folder of the contract";
  if (!collects(view, "programs")) return [];
  const looks = [...(round?.inspections.values() ?? [])];
  if (looks.length === 0) return [undecided(says, "no inspection shows a server")];
  let isAllSeen = true;
  for (const { event, index } of looks) {
    const wrong = wrongPlace(view, event, round?.servers.get(event.node)?.event.storeDir);
    if (wrong) return [refuted(says, `${event.node}: ${wrong}`, [index])];
    isAllSeen &&= foldersOf(view, event).length > 0;
  }
  return isAllSeen
    ? [kept(says, { events: looks.map(({ index }) => index) })]
    : [undecided(says, "a server had no file of its store open")];
}

function wrongPlace(view: HistoryView, inspection: InspectionEvent, storeDir: string | undefined): string | undefined {
  const { jetstream: storeFolder } = nodeOf(view).stores;
  if (storeDir !== undefined && !isBelow(storeDir, storeFolder)) return `the server names ${storeDir}`;
  const folder = foldersOf(view, inspection).find(
    (one) => !isBelow(one.folder, storeFolder) || !diskTypes.has(one.type),
  );
  if (folder) return `the server has ${folder.folder} open, on ${folder.type}`;
  const mount = mountUnder(inspection, storeDir ?? storeFolder);
  return mount && !diskTypes.has(mount.type) ? `${mount.path} is ${mount.type}` : undefined;
}

/** Folders in which a server has files open. */
function foldersOf(view: HistoryView, { processes, openFolders = [] }: InspectionEvent) {
  const servers = processes.filter((one) => isProgram(view, "nats-server", one)).map(({ pid }) => pid);
  return openFolders.filter(({ pid }) => servers.includes(pid));
}

/** The mount of a folder: the longest path, and of equal paths the last mount. */
function mountUnder({ mounts }: InspectionEvent, folder: string) {
  const above = mounts.filter(({ path }) => path === "/" || isBelow(folder, path));
  const longest = Math.max(...above.map(({ path }) => path.length));
  return above.findLast(({ path }) => path.length === longest);
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
