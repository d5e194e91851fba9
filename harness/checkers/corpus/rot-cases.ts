// Histories of suite "disk-rot": gamma's block rots while its server is down, then each replica is read while it leads.

import type { StoredEvent } from "#history/event.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { atNs, HistoryBuilder } from "./builder.ts";
import { type Case, kept, wrong } from "./case.ts";
import { ending, opening } from "./stories.ts";

type Served = (node: NodeName, stored: StoredEvent) => StoredEvent | undefined;

interface RotStory {
  /** What a replica serves of the facts that were acknowledged before; all of them unless said. */
  served?: Served;
  /** Replicas that never came to lead. */
  silent?: NodeName[];
}

const rotS = 12;
const backS = 16;
const endS = 30;

function rotted(entry: string, { served = (_, stored) => stored, silent = [] }: RotStory = {}): HistoryBuilder {
  const builder = new HistoryBuilder(entry === "ROT-1" ? "rot-flip" : "rot-cut", [entry, "DUAL-0"]);
  opening(builder);
  builder.fault({ fault: "rot", nodes: ["gamma"], effectS: rotS, healS: backS });
  builder.load({ fromS: 6, toS: endS }, [{ fromS: 0, toS: 99, node: "alpha" }]);
  const done = ending(builder, endS);
  const stored = done.events.filter((event) => event.type === "stored");
  nodeNames.forEach((node, place) => {
    const s = 20 + 2 * place;
    const isReadable = !silent.includes(node);
    // The facts of the last seconds came later than this reading.
    for (const one of isReadable ? stored.filter(({ offset }) => offset < (s - 6) * 4) : []) {
      const answer = served(node, one);
      if (answer) done.add({ ...answer, t: atNs(s) });
    }
    done.mark(s + 0.5, "read-back", { isReadable, leader: node });
  });
  return done;
}

const without =
  (lost: (offset: number) => boolean): Served =>
  (node, stored) =>
    node === "gamma" && lost(stored.offset) ? undefined : stored;

export const rotCases: readonly Case[] = ["ROT-1", "ROT-2"].flatMap((entry) => [
  kept(entry, "every-replica-serves-all", () => rotted(entry)),
  wrong(`${entry} one-fact-gone broken`, /of 24 facts acknowledged before the rot up to 1 were not .* 1 differed/, () =>
    rotted(entry, { served: without((offset) => offset === 12) }),
  ),
  wrong(`${entry} the-rest-of-the-block-gone broken`, /up to 13 were not served .* 13 differed/, () =>
    rotted(entry, { served: without((offset) => offset > 11) }),
  ),
  wrong(`${entry} another-payload broken`, /up to 0 were not served .* 1 differed/, () =>
    rotted(entry, {
      served: (node, stored) => (node === "gamma" && stored.offset === 12 ? { ...stored, digest: "ffffffff" } : stored),
    }),
  ),
  wrong(`${entry} one-never-led unknown`, /gamma could not be read by itself/, () =>
    rotted(entry, { silent: ["gamma"] }),
  ),
]);
