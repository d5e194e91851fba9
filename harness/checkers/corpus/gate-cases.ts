// Cases of suite "gates": for every entry a history that keeps it and those that must not.

import { atNs, type HistoryBuilder, vip } from "./builder.ts";
import { bend, type Case, crowded, kept, wrong } from "./case.ts";
import { byHand, lostOnActive, portTaken, rebooted, surveyOf } from "./gate-stories.ts";
import { denied } from "./stories.ts";

const rpc = `${vip}:9443`;
const vipRemoved = { fault: "vip-removed" };
const serverFrozen = { fault: "process-freeze", detail: { process: "nats-server" } };
const routesCut = { fault: "cut", detail: { peers: ["beta", "gamma"], segments: ["zone"] } };
const storageFull = { fault: "storage", way: "full" };
const expired = { fault: "certificate", way: "expired" };
const linkDown = { fault: "link-down" };

/** The losing node keeps its listener although the VIP has gone. */
const keepsListening = (builder: HistoryBuilder): HistoryBuilder =>
  bend(builder, (event) =>
    event.type === "observed" && event.node === "alpha" && event.t > atNs(12) && event.listens.length === 0
      ? { ...event, listens: [rpc] }
      : event,
  );

/** A history of the failure table, held to another entry. */
function as(entry: string, builder: HistoryBuilder): HistoryBuilder {
  builder.header.entries = [entry, "DUAL-0", "DUR-6"];
  return builder;
}

/** beta listens although its storage is gone, its certificate short and so on. */
const promotedAnyway = (builder: HistoryBuilder): HistoryBuilder =>
  builder.observe(25, "beta", { ownsVip: true, role: "MASTER", listens: [rpc] });

const gates: Case[] = [
  kept("GATE-1", "vip-removed", () => lostOnActive("GATE-1", vipRemoved, 0.1)),
  wrong("GATE-1 listener-stays broken", /still had one of them/, () =>
    keepsListening(lostOnActive("GATE-1", vipRemoved, 0.1)),
  ),
  wrong("GATE-1 listener-stays-on-a-crowded-machine broken", /still had one of them/, () =>
    crowded(keepsListening(lostOnActive("GATE-1", vipRemoved, 0.1)), 5.5),
  ),
  wrong("GATE-1 listens-on-the-standby broken", /it listened 500 ms after the command/, () =>
    byHand("GATE-1")
      .observe(11.5, "beta", { listens: [rpc] })
      .observe(11.9, "beta", { listens: [] }),
  ),
  kept("GATE-2", "server-frozen", () => lostOnActive("GATE-2", serverFrozen, 2.1)),
  wrong("GATE-2 demoted-too-late broken", /still had one of them 9\.\d+ s after it/, () =>
    lostOnActive("GATE-2", serverFrozen, 9.5),
  ),
  wrong("GATE-2 demoted-late-on-a-crowded-machine unknown", /still had one of them.*the machine was crowded/, () =>
    crowded(lostOnActive("GATE-2", serverFrozen, 9.5), 9),
  ),
  kept("GATE-3", "routes-cut", () => lostOnActive("GATE-3", routesCut, 1.7)),
  wrong("GATE-3 not-demoted broken", /still had one of them/, () => keepsListening(lostOnActive("GATE-3", routesCut))),
  wrong("GATE-3 nothing-was-cut unknown", /no fault closed it/, () =>
    as("GATE-3", lostOnActive("GATE-4", storageFull)),
  ),
  kept("GATE-4", "storage-full", () => lostOnActive("GATE-4", storageFull)),
  kept("GATE-4", "denied", () => as("GATE-4", denied("FAIL-7"))),
  wrong("GATE-4 not-denied broken", /beta never listened while "storage on beta" stood/, () =>
    promotedAnyway(as("GATE-4", denied("FAIL-7"))),
  ),
  wrong("GATE-4 listens-again broken", /it listened again 6 s after the fault/, () =>
    lostOnActive("GATE-4", storageFull)
      .observe(18, "alpha", { listens: [rpc] })
      .observe(19, "alpha", { listens: [] }),
  ),
  wrong("GATE-4 seen-too-late unknown", /known only to within/, () =>
    bend(lostOnActive("GATE-4", storageFull), (event) =>
      event.type === "observed" &&
      event.node === "alpha" &&
      event.listens.length === 0 &&
      event.t > atNs(12) &&
      event.t < atNs(14)
        ? { ...event, t: event.t + 5e9, sinceNs: atNs(12.1) }
        : event,
    ),
  ),
  wrong("GATE-4 never-free unknown", /a takeover needs/, () =>
    bend(as("GATE-4", denied("FAIL-7")), (event) =>
      event.type === "fault" && event.nodes[0] === "beta" && event.phase.startsWith("heal")
        ? { ...event, t: event.t - 20e9 }
        : event,
    ),
  ),
  kept("GATE-5", "expired", () => lostOnActive("GATE-5", expired)),
  kept("GATE-5", "short-is-denied", () => as("GATE-5", denied("FAIL-8", "deny"))),
  kept("GATE-5", "short-is-warned-of", () => as("GATE-5", denied("FAIL-8", "warn"))),
  wrong("GATE-5 expired-passes-under-warn broken", /beta never listened while "certificate on beta" stood/, () =>
    promotedAnyway(as("GATE-5", denied("FAIL-8", "warn", "expired"))),
  ),
  wrong("GATE-5 no-warning broken", /its gate said "fine"/, () =>
    bend(as("GATE-5", denied("FAIL-8", "warn")), (event) =>
      event.type === "gates" ? { ...event, gates: { certificate: { isOpen: true, why: "fine" } } } : event,
    ),
  ),
  wrong("GATE-5 short-demotes-under-warn broken", /it stopped 1\.\d+ s after it/, () => {
    const builder = lostOnActive("GATE-5", { fault: "certificate", way: "short" });
    builder.header.zone.spec["certificate"] = { minDays: 30, policy: "warn" };
    return builder;
  }),
  kept("GATE-6", "given-up", () => portTaken()),
  wrong("GATE-6 keeps-the-vip broken", /it kept the VIP for/, () => portTaken(18, 45)),
  wrong("GATE-6 falls-back broken", /it listened on 198\.18\.0\.12:9443/, () =>
    portTaken()
      .observe(24, "beta", { ownsVip: false, listens: ["198.18.0.12:9443"] })
      .observe(26, "beta", { listens: [] }),
  ),
  wrong("GATE-6 says-nothing broken", /calls the bind gate open/, () =>
    bend(portTaken(), (event) =>
      event.type === "gates" ? { ...event, gates: { bind: { isOpen: true, why: "" } } } : event,
    ),
  ),
  wrong("GATE-6 never-given-the-vip unknown", /was not given the VIP/, () =>
    bend(portTaken(), (event) =>
      event.type === "observed" && event.node === "beta" && event.t > atNs(19) && event.t < atNs(22)
        ? undefined
        : event,
    ),
  ),
  kept("GATE-7", "vip-then-listener", () => rebooted()),
  wrong("GATE-7 listens-at-boot broken", /did not own the VIP/, () =>
    rebooted()
      .observe(14, "beta", { ownsVip: false, listens: [rpc] })
      .observe(15, "beta", { listens: [] }),
  ),
  wrong("GATE-7 both-in-one-look unknown", /between the same two looks/, () =>
    bend(rebooted(), (event) => {
      if (event.type !== "observed" || event.node !== "beta" || event.t < atNs(29)) return event;
      return event.listens.length === 0 ? undefined : { ...event, sinceNs: atNs(30) };
    }),
  ),
];

const controllers: Case[] = [
  kept("DUAL-1", "fault", () => lostOnActive("DUAL-1", linkDown, 0.1)),
  kept("DUAL-1", "backup", () => lostOnActive("DUAL-1", { fault: "outranked" }, 0.1)),
  wrong("DUAL-1 listens-on-in-fault broken", /it still listened/, () =>
    keepsListening(lostOnActive("DUAL-1", linkDown)),
  ),
  wrong("DUAL-1 listens-on-on-a-crowded-machine unknown", /it still listened.*the machine was crowded/, () =>
    crowded(keepsListening(lostOnActive("DUAL-1", linkDown)), 16),
  ),
  wrong("DUAL-1 listens-on-for-longer-than-a-crowd-explains broken", /it still listened/, () =>
    crowded(keepsListening(lostOnActive("DUAL-1", linkDown)), 9),
  ),
  wrong("DUAL-1 no-transition unknown", /no transition was seen/, () =>
    bend(lostOnActive("DUAL-1", linkDown), (event) =>
      event.type === "observed" && event.node === "alpha" && event.t > atNs(12) ? undefined : event,
    ),
  ),
  kept("DUAL-2", "vip-only", () => lostOnActive("DUAL-2", storageFull)),
  wrong("DUAL-2 wildcard broken", /alpha listened on 0\.0\.0\.0:9443/, () =>
    bend(lostOnActive("DUAL-2", storageFull), (event) =>
      event.type === "observed" && event.node === "alpha" && event.listens.length > 0
        ? { ...event, listens: ["0.0.0.0:9443"] }
        : event,
    ),
  ),
  wrong("DUAL-2 another-port broken", /listened on 127\.0\.0\.1:9444/, () =>
    lostOnActive("DUAL-2", storageFull).add(surveyOf(36, "beta", [rpc, "127.0.0.1:9444"])),
  ),
  wrong("DUAL-2 never-surveyed unknown", /no survey saw a controller/, () =>
    bend(lostOnActive("DUAL-2", storageFull), (event) => (event.type === "survey" ? undefined : event)),
  ),
  kept("DUAL-3", "refuses", () => byHand("DUAL-3")),
  wrong("DUAL-3 listens broken", /it listened 500 ms after the command/, () =>
    byHand("DUAL-3")
      .observe(11.5, "beta", { listens: [rpc] })
      .observe(12, "beta", { listens: [] }),
  ),
  wrong("DUAL-3 never-started unknown", /no controller was seen to start/, () =>
    byHand("DUAL-3", { seen: 0, left: 0 }),
  ),
  wrong("DUAL-3 two-gates-closed unknown", /vip, storage were closed/, () =>
    byHand("DUAL-3").fault({ fault: "storage", nodes: ["beta"], effectS: 10.6, healS: 32, way: "gone" }),
  ),
  kept("DUAL-4", "not-available", () => byHand("DUAL-4")),
  wrong("DUAL-4 bound broken", /was bound on beta/, () =>
    bend(byHand("DUAL-4"), (event) => (event.type === "bind" ? { ...event, outcome: "bound" } : event)),
  ),
  wrong("DUAL-4 nonlocal-bind broken", /it is 1/, () =>
    bend(byHand("DUAL-4"), (event) =>
      event.type === "survey" ? { ...event, sysctls: { "net.ipv4.ip_nonlocal_bind": "1" } } : event,
    ),
  ),
  wrong("DUAL-4 never-tried unknown", /no bind was tried/, () =>
    bend(byHand("DUAL-4"), (event) => (event.type === "bind" ? undefined : event)),
  ),
  kept("DUAL-5", "left-down", () => byHand("DUAL-5")),
  wrong("DUAL-5 started-again-on-the-standby broken", /3 were seen one after the other/, () =>
    byHand("DUAL-5", { seen: 3, left: 0 }),
  ),
  wrong("DUAL-5 runs-on broken", /1 still ran at the end of the watch/, () => byHand("DUAL-5", { seen: 1, left: 1 })),
  wrong(
    "DUAL-5 runs-on-on-a-crowded-machine unknown",
    /still ran at the end of the watch, and the machine was crowded/,
    () => crowded(byHand("DUAL-5", { seen: 1, left: 1 }), 9),
  ),
  wrong("DUAL-5 runs-on-the-standby broken", /one ran on beta/, () => byHand("DUAL-5").add(surveyOf(15, "beta", []))),
  wrong("DUAL-5 started-again-on-the-active broken", /it listened again 1\d{3} ms after it was killed/, () =>
    bend(byHand("DUAL-5"), (event) => {
      if (event.type !== "observed" || event.node !== "alpha" || event.t <= atNs(20) || event.t > atNs(21))
        return event;
      return { ...event, t: atNs(21.2), sinceNs: atNs(21.19), ownsVip: true, listens: [rpc], role: "MASTER" };
    }).observe(24.5, "alpha", { listens: [], ownsVip: false }),
  ),
];

export const gateCases: readonly Case[] = [...gates, ...controllers];
