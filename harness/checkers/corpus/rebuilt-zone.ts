// A zone that is lost whole at second 20 and rebuilt from its snapshot of second 12 and its peer, as it should be; and the cases of REC-4,
// each of which bends one thing that one of the two zones shows.

import type { HistoryEvent } from "#history/event.ts";
import { nodeNames } from "#spec/node.ts";
import { atNs, HistoryBuilder } from "./builder.ts";
import { bend, type Case, kept, wrong } from "./case.ts";
import { artifact, endS, joined, listed, named, peerArtifact, peerStory } from "./pair-stories.ts";
import { ending, opening } from "./stories.ts";

const entries = ["REC-4", "DUAL-0"];
const later = { key: "triad/later-1", digest: "1a7e1a7e1a7e1a7e", bytes: 65_536 };

function rebuiltZone(): HistoryBuilder {
  const own = new HistoryBuilder("rec-4-zone-lost", entries);
  opening(own);
  named(own, 10.5, { artifact, message: "artifact-own-1", offset: 19.5 });
  own.mark(12, "snapshot");
  named(own, 13, { artifact: later, message: "artifact-later-1", offset: 29.5 });
  own.mark(18, "load-paused");
  for (const [place, name] of (["gamma", "beta", "alpha"] as const).entries())
    own.fault({ fault: "rebuilt", nodes: [name], effectS: 20 + place * 0.2, healS: 24 + place });
  for (const name of nodeNames) own.vanish(20.5, name).rejoin(27, name);
  own.promote(33, "alpha").mark(36, "restored").mark(38, "load-resumed");
  own.load({ fromS: 6, toS: 18 }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  own.load({ fromS: 38, toS: endS }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  own.mark(endS + 1, "exchanged");
  listed(own, endS + 1.5, { alpha: [artifact, later, peerArtifact], beta: [] });
  ending(own, endS);
  const peer = peerStory(entries);
  peer.fault({ fault: "cut", nodes: ["alpha"], effectS: 19.5, healS: 37 });
  named(peer, 10.5, { artifact: peerArtifact, message: "artifact-own-2", offset: 19.5 });
  listed(peer, endS + 1.5, { alpha: [artifact, later, peerArtifact], beta: [] });
  return joined(own, peer);
}

const without = (matches: (event: HistoryEvent) => boolean): HistoryBuilder =>
  bend(rebuiltZone(), (event) => (matches(event) ? undefined : event));
const isStored = (event: HistoryEvent, messageId: string) => event.type === "stored" && event.messageId === messageId;
/** Told of the peer zone. */
const inPeer = (matches: (event: HistoryEvent) => boolean) => (event: HistoryEvent) =>
  event.type === "peer" && matches(event.event);
/** Acknowledged after the snapshot, of four a second from second 6 on. */
const sinceSnapshot = "m-00040";

export const rebuiltZoneCases: readonly Case[] = [
  kept("REC-4", "zone-lost", rebuiltZone),
  wrong("REC-4 a-fact-since-the-snapshot-is-gone broken", /plant-a-bsfg holds every fact that plant-a-bsfg/, () =>
    without((event) => isStored(event, sinceSnapshot)),
  ),
  wrong("REC-4 a-fact-of-the-peer-is-gone broken", /plant-a-bsfg holds every fact that enterprise-bsfg/, () =>
    without((event) => isStored(event, "p-00040")),
  ),
  wrong("REC-4 the-peer-lacks-a-fact broken", /enterprise-bsfg holds every fact that plant-a-bsfg/, () =>
    without(inPeer((event) => isStored(event, sinceSnapshot))),
  ),
  wrong("REC-4 a-fact-is-there-twice broken", /1 fact twice \(first m-00040\)/, () =>
    rebuiltZone().add({ t: atNs(58), type: "stored", offset: 60_000, messageId: sinceSnapshot, digest: "00000028" }),
  ),
  wrong("REC-4 a-fact-is-altered broken", /m-00040 is altered/, () =>
    bend(rebuiltZone(), (event) =>
      event.type === "stored" && event.messageId === sinceSnapshot ? { ...event, digest: "bad" } : event,
    ),
  ),
  wrong("REC-4 an-artifact-is-gone broken", /no file there has the digest of triad\/later-1/, () =>
    bend(rebuiltZone(), (event) =>
      event.type === "files" ? { ...event, files: event.files.filter((one) => one.digest !== later.digest) } : event,
    ),
  ),
  wrong("REC-4 not-restored broken", /snapshot\/not-empty/, () =>
    bend(rebuiltZone(), (event) =>
      event.type === "mark" && event.mark === "restored"
        ? { ...event, detail: { isTimedOut: true, saw: "[snapshot/not-empty] it holds 3 messages" } }
        : event,
    ),
  ),
  wrong("REC-4 gamma-stayed unknown", /gamma was not lost|1 faults? (?:was|were) planned|3 faults were planned/, () =>
    without((event) => event.type === "fault" && event.nodes.includes("gamma")),
  ),
  wrong("REC-4 nothing-since-the-snapshot unknown", /acknowledged facts between the snapshot and the loss/, () =>
    bend(rebuiltZone(), (event) =>
      event.type === "mark" && event.mark === "snapshot" ? { ...event, t: atNs(19) } : event,
    ),
  ),
];
