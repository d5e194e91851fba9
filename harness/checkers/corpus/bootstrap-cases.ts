// The corpus for the suites bootstrap and mechanics: right stories, and each bent in the way that its checker must see.

import type { NodeName } from "#spec/node.ts";
import {
  adverts,
  coldStart,
  jetstreamDown,
  keepalivedOff,
  knocked,
  neverSteady,
  servers,
} from "./bootstrap-stories.ts";
import { atNs, type HistoryBuilder, vip } from "./builder.ts";
import { bend, type Case, crowded, kept, wrong } from "./case.ts";

const inOrder: NodeName[] = ["alpha", "beta", "gamma"];
const betaFirst: NodeName[] = ["beta", "gamma", "alpha"];
const rpc = `${vip}:9443`;

/** Without the events of one type. */
const without = (builder: HistoryBuilder, type: string): HistoryBuilder =>
  bend(builder, (event) => (event.type === type ? undefined : event));

const bootstrap: Case[] = [
  kept("BOOT-1", "fourth-server", () => knocked()),
  wrong("BOOT-1 seed broken", /gamma is told 198\.18\.0\.11:6222;/, () =>
    bend(knocked(), (event) =>
      event.type === "server" && event.node === "gamma" ? { ...event, configuredRoutes: ["198.18.0.11:6222"] } : event,
    ),
  ),
  wrong("BOOT-1 adopted broken", /counts 4 voters/, () =>
    bend(knocked(), (event) => (event.type === "server" && event.t > atNs(12) ? { ...event, metaSize: 4 } : event)),
  ),
  wrong("BOOT-1 stranger-named broken", /gamma counts delta as a voter/, () =>
    bend(knocked(), (event) =>
      event.type === "server" && event.voters && event.t > atNs(12)
        ? { ...event, voters: [...event.voters, { name: "delta", isOnline: true }] }
        : event,
    ),
  ),
  wrong("BOOT-1 asked-too-soon unknown", /it was 1 s/, () => servers(knockedUnasked(), 13)),
  kept("BOOT-2", "alpha-beta-gamma", () => coldStart("BOOT-2", inOrder)),
  kept("BOOT-2", "beta-gamma-alpha", () => coldStart("BOOT-2", betaFirst)),
  kept("BOOT-2", "at-once", () => coldStart("BOOT-2", inOrder, 0)),
  wrong("BOOT-2 never-steady broken", /it was not 80 s after the last start/, () => neverSteady()),
  wrong("BOOT-2 never-steady-on-a-crowded-machine unknown", /after the last start.*the machine was crowded/, () =>
    crowded(neverSteady(), 9),
  ),
  wrong("BOOT-2 two-voters broken", /counts 2 voters/, () =>
    bend(coldStart("BOOT-2", inOrder), (event) => (event.type === "server" ? { ...event, metaSize: 2 } : event)),
  ),
  wrong("BOOT-2 beta-in-fault broken", /keepalived on beta was in FAULT/, () =>
    coldStart("BOOT-2", inOrder).observe(18, "beta", { role: "FAULT" }),
  ),
  wrong("BOOT-2 observer-came-late unknown", /beta ran 4 s before the first look/, () =>
    bend(coldStart("BOOT-2", inOrder), (event) =>
      event.type === "observed" && event.node === "beta" && event.startedNs
        ? { ...event, startedNs: event.t - 4e9 }
        : event,
    ),
  ),
  wrong("BOOT-2 nobody-asked unknown", /the server of alpha was not asked/, () =>
    without(coldStart("BOOT-2", inOrder), "server"),
  ),
  kept("BOOT-3", "gamma-last", () => coldStart("BOOT-3", inOrder)),
  wrong("BOOT-3 gamma-first unknown", /the order was gamma, alpha, beta/, () =>
    coldStart("BOOT-3", ["gamma", "alpha", "beta"]),
  ),
  wrong("BOOT-3 replica-lags broken", /alpha lags in facts_operational by 9/, () =>
    bend(coldStart("BOOT-3", inOrder), (event) =>
      event.type === "stream"
        ? { ...event, replicas: [{ name: "alpha", isCurrent: false, lag: 9 }, ...event.replicas.slice(1)] }
        : event,
    ),
  ),
  kept("BOOT-4", "cold-start", () => coldStart("BOOT-4", inOrder)),
  kept("BOOT-4", "keepalived-off", () => keepalivedOff()),
  wrong("BOOT-4 listens-at-boot broken", /it listened 10\.\d+ s before/, () =>
    bend(coldStart("BOOT-4", inOrder), (event) =>
      event.type === "observed" && event.node === "alpha" ? { ...event, listens: [rpc] } : event,
    ),
  ),
  wrong("BOOT-4 listens-while-off broken", /it did for 14\.\d+ s/, () =>
    bend(keepalivedOff(), (event) =>
      event.type === "observed" && event.node === "alpha" ? { ...event, listens: [rpc] } : event,
    ),
  ),
  wrong("BOOT-4 controller-runs-while-off broken", /beta ran "node \/opt\/bsfg\/bin\/controller\.cjs"/, () =>
    bend(keepalivedOff(), (event) => {
      if (event.type !== "survey" || event.node !== "beta") return event;
      const controller = { pid: 70, parent: 1, name: "node", argv: ["node", "/opt/bsfg/bin/controller.cjs"] };
      return { ...event, processes: [...event.processes, controller] };
    }),
  ),
  wrong("BOOT-4 never-surveyed unknown", /the processes of alpha were not looked at/, () =>
    without(keepalivedOff(), "survey"),
  ),
  kept("BOOT-5", "at-once", () => coldStart("BOOT-5", inOrder, 0)),
  wrong("BOOT-5 beta-first broken", /beta was;/, () =>
    coldStart("BOOT-5", inOrder, 0).observe(5, "beta", { ownsVip: true }).observe(5.5, "beta", { ownsVip: false }),
  ),
  kept("BOOT-6", "at-once", () => coldStart("BOOT-6", inOrder, 0)),
  wrong("BOOT-6 beta-listens broken", new RegExp(`it listened on ${rpc}`), () =>
    coldStart("BOOT-6", inOrder, 0).observe(3, "beta", { listens: [rpc] }),
  ),
  wrong("BOOT-6 beta-listens-on-a-crowded-machine unknown", /it listened on .*the machine was crowded/, () =>
    crowded(coldStart("BOOT-6", inOrder, 0).observe(3, "beta", { listens: [rpc] }), 9),
  ),
];

/** The servers were asked before it knocked, and not while it did. */
function knockedUnasked(): HistoryBuilder {
  return bend(knocked(), (event) => (event.type === "server" && event.t > atNs(12) ? undefined : event));
}

const mechanics: Case[] = [
  kept("MECH-1", "failover", () => jetstreamDown()),
  kept("MECH-1", "keepalived-off", () => keepalivedOff()),
  wrong("MECH-1 set-by-a-script broken", /its first advert came 4\.\d+ s later/, () =>
    adverts(withoutBetasAdverts(), "beta", [50.5, 67]),
  ),
  wrong("MECH-1 kept-in-silence broken", /it kept the VIP for 6\.\d+ s without an advert/, () =>
    adverts(withoutBetasAdverts(), "beta", [45.95, 61]),
  ),
  wrong("MECH-1 speaks-without-the-vip broken", /an advert came from it while it did not have the VIP/, () =>
    adverts(jetstreamDown(), "alpha", [64, 66]),
  ),
  wrong("MECH-1 nobody-captured unknown", /it did to none while adverts were looked for/, () =>
    without(without(jetstreamDown(), "capture"), "vrrp"),
  ),
  kept("MECH-2", "failover", () => jetstreamDown()),
  kept("MECH-2", "keepalived-off", () => keepalivedOff()),
  wrong("MECH-2 polls broken", /it started 2\d{3} ms before the VIP came/, () =>
    bend(jetstreamDown(), (event) =>
      event.type === "observed" && event.controller && event.t > atNs(46)
        ? { ...event, controller: { ...event.controller, startedNs: atNs(43) } }
        : event,
    ),
  ),
  wrong("MECH-2 outlives-the-vip broken", /it listened 15\.\d+ s without it/, () =>
    bend(keepalivedOff(), (event) =>
      event.type === "observed" && event.node === "alpha" && event.t === atNs(17)
        ? { ...event, listens: [rpc] }
        : event,
    ).observe(33, "alpha", { listens: [], ownsVip: false, role: "BACKUP" }),
  ),
  wrong("MECH-2 nobody-captured unknown", /nobody looked for adverts then/, () =>
    without(without(jetstreamDown(), "capture"), "vrrp"),
  ),
  kept("MECH-3", "frozen-server", () => jetstreamDown()),
  wrong("MECH-3 beta-takes-it broken", /it came 5\.\d+ s after alpha failed/, () =>
    jetstreamDown().observe(19.5, "beta", { ownsVip: true }).observe(20, "beta", { ownsVip: false }),
  ),
  wrong("MECH-3 its-server-was-up unknown", /it did, so it is not known/, () =>
    bend(jetstreamDown(), (event) => (event.type === "server" ? { ...event, isReachable: true } : event)),
  ),
];

function withoutBetasAdverts(): HistoryBuilder {
  return bend(jetstreamDown(), (event) => (event.type === "vrrp" && event.t > atNs(40) ? undefined : event));
}

export const bootstrapCases: readonly Case[] = [...bootstrap, ...mechanics];
