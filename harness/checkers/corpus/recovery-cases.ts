// Cases of suite "recovery": for every entry a history that keeps it and those that must not.

import { atNs } from "./builder.ts";
import { bend, type Case, kept, wrong } from "./case.ts";
import { bendInventory, comesBack, restoredAnew } from "./recovery-stories.ts";

const without = (mark: string) => (builder: ReturnType<typeof comesBack>) =>
  bend(builder, (event) => (event.type === "mark" && event.mark === mark ? undefined : event));

const timedOut = (mark: string, saw: string) => (builder: ReturnType<typeof comesBack>) =>
  bend(builder, (event) =>
    event.type === "mark" && event.mark === mark
      ? { ...event, detail: { ...event.detail, isTimedOut: true, saw } }
      : event,
  );

/** A reading in pages did not come to its end, and every fact was asked for. */
function readTwice(builder: ReturnType<typeof comesBack>): ReturnType<typeof comesBack> {
  builder.events = builder.events.flatMap((event) =>
    event.type === "stored" && event.offset <= 90 ? [event, event] : [event],
  );
  return builder;
}

const returned: Case[] = [
  kept("REC-1", "wiped", () => comesBack("REC-1")),
  wrong("REC-1 store-elsewhere broken", /the disk at the contract's path held 0 in 24 files/, () =>
    comesBack("REC-1", { lostBytes: 0 }),
  ),
  wrong("REC-1 never-current broken", /gamma of facts_operational not current/, () =>
    timedOut("caught-up", "gamma of facts_operational not current")(comesBack("REC-1")),
  ),
  wrong("REC-1 nobody-waited unknown", /nobody waited for it/, () => without("caught-up")(comesBack("REC-1"))),
  wrong("REC-1 one-fact-lacks-there broken", /messages against \d+, and the first difference between 1 and 255/, () =>
    bendInventory(comesBack("REC-1"), {}, (event) => ({
      ...event,
      messages: event.messages - 1,
      blocks: { 0: "another" },
    })),
  ),
  wrong("REC-1 replica-never-read unknown", /the replica on gamma was not read/, () =>
    bendInventory(comesBack("REC-1"), {}, () => undefined),
  ),
  kept("REC-1", "some-facts-read-twice", () => readTwice(comesBack("REC-1"))),
  wrong("REC-1 audit-broke-off unknown", /was not read back to its end/, () =>
    bend(without("audited")(comesBack("REC-1")), (event) =>
      event.type === "stored" && event.offset > 90 ? undefined : event,
    ),
  ),
  wrong("REC-1 a-fact-is-lost broken", /acknowledged facts? not in the stream/, () =>
    bend(comesBack("REC-1"), (event) => (event.type === "stored" && event.offset === 199 ? undefined : event)),
  ),
  kept("REC-2", "same-name", () => comesBack("REC-2")),
  kept("REC-2", "new-name", () => comesBack("REC-2", { identity: "new", voters: ["alpha", "beta", "gamma-2"] })),
  wrong("REC-2 old-one-still-votes broken", /names alpha, beta, gamma, gamma-2/, () =>
    comesBack("REC-2", { identity: "new", voters: ["alpha", "beta", "gamma", "gamma-2"] }),
  ),
  wrong("REC-2 takes-a-role broken", /gamma owned the VIP for/, () =>
    comesBack("REC-2").observe(30, "gamma", { ownsVip: true }).observe(31, "gamma", { ownsVip: false }),
  ),
  wrong("REC-2 nothing-was-lost unknown", /no fault "rebuilt" took effect/, () => {
    const builder = comesBack("REC-1");
    builder.header.entries = ["REC-2"];
    return builder;
  }),
];

const restored: Case[] = [
  kept("REC-3", "restored", () => restoredAnew("REC-3")),
  wrong("REC-3 consumer-lost broken", /consumer facts_audit\/triad-keeper is not there/, () =>
    bendInventory(restoredAnew("REC-3"), { label: "restored" }, (event) => ({ ...event, consumers: [] })),
  ),
  wrong("REC-3 consumer-starts-anew broken", /triad-keeper is at 0 and was at 40/, () =>
    bendInventory(restoredAnew("REC-3"), { label: "restored" }, (event) => ({
      ...event,
      consumers: event.consumers.map((one) => ({ ...one, ackedSeq: 0 })),
    })),
  ),
  wrong("REC-3 cursors-lost broken", /cursors on alpha: 0 messages against 2/, () =>
    bendInventory(restoredAnew("REC-3"), { label: "restored", stream: "cursors" }, (event) => ({
      ...event,
      messages: 0,
      blocks: {},
    })),
  ),
  wrong("REC-3 one-replica-differs broken", /facts_operational on beta: /, () =>
    bendInventory(restoredAnew("REC-3"), { label: "restored", stream: "facts_operational", node: "beta" }, (event) => ({
      ...event,
      blocks: { 0: "another" },
    })),
  ),
  wrong("REC-3 restore-refused broken", /SHA-256/, () =>
    timedOut("restored", "[snapshot/damaged] SHA-256 of another file")(restoredAnew("REC-3")),
  ),
  wrong("REC-3 nothing-was-corrupted unknown", /still held as many/, () =>
    bendInventory(restoredAnew("REC-3"), { label: "corrupt" }, (event) => ({ ...event, messages: event.to })),
  ),
  wrong("REC-3 old-cluster-lives-on unknown", /faults were planned|beta was not/, () =>
    bend(restoredAnew("REC-3"), (event) =>
      event.type === "fault" && event.nodes.includes("beta") ? undefined : event,
    ),
  ),
  kept("REC-5", "nothing-claims-it", () => restoredAnew("REC-5")),
  wrong("REC-5 a-node-claims-it broken", /RECOVERY\.md says "Restore to any point in time\."/, () =>
    bend(restoredAnew("REC-5"), (event) =>
      event.type === "texts" && event.kind === "alpha"
        ? {
            ...event,
            claims: [{ place: "/opt/bsfg/RECOVERY.md", sentence: "Restore to any point in time." }],
          }
        : event,
    ),
  ),
  wrong("REC-5 pages-not-read unknown", /texts of kind "docs" were not read/, () =>
    bend(restoredAnew("REC-5"), (event) => (event.type === "texts" && event.kind === "docs" ? undefined : event)),
  ),
  wrong("REC-5 load-never-resumed unknown", /load was below its floor/, () =>
    bend(restoredAnew("REC-5"), (event) => ("op" in event && event.t > atNs(46) ? undefined : event)),
  ),
];

export const recoveryCases: Case[] = [...returned, ...restored];
