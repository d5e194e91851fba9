// Scenarios of suite "gates" as a correct zone would live them: a loss on the active node, a taken port, a reboot, a
// controller started by hand. Cases bend them.

import type { SurveyEvent } from "#history/survey.ts";
import type { NodeName } from "#spec/node.ts";
import { atNs, type FaultStory, HistoryBuilder, vip } from "./builder.ts";

const rpc = `${vip}:9443`;

/** From the start to a steady zone under load: 0 to 10 s. */
function opened(scenario: string, entries: string[]): HistoryBuilder {
  const builder = new HistoryBuilder(scenario, [...entries, "DUAL-0", "DUR-6"]);
  builder.mark(0, "zone-created").allUp(0.5).promote(1.5, "alpha").mark(5, "zone-ready");
  return builder.mark(6, "load-started").mark(10, "steady");
}

function closed(builder: HistoryBuilder, atS: number): HistoryBuilder {
  builder.mark(atS, "load-stopped").looks(1, atS);
  return builder.audit(atS + 2);
}

type Loss = Pick<FaultStory, "fault" | "way" | "detail">;

/** alpha loses something at 12 and is demoted; beta takes over; alpha is repaired at 30 and rejoins. */
export function lostOnActive(entry: string, loss: Loss, goneAfterS = 1.2): HistoryBuilder {
  const builder = opened(`gates-lost-${loss.fault}`, [entry]);
  builder.mark(11.9, "provoked", { expectsFailover: true, from: "alpha", to: "beta" });
  builder.fault({ ...loss, nodes: ["alpha"], effectS: 12, healS: 30 });
  const goneS = 12 + goneAfterS;
  builder
    .observe(goneS, "alpha", { ownsVip: false, role: "FAULT" })
    .observe(goneS + 0.02, "alpha", { listens: [] })
    .observe(31, "alpha", { role: "BACKUP" })
    .promote(20, "beta");
  builder.load({ fromS: 6, toS: 40 }, [
    { fromS: 0, toS: goneS - 0.02, node: "alpha" },
    { fromS: 22.4, toS: 99, node: "beta" },
  ]);
  return closed(builder.add(surveyOf(35, "beta", [rpc])).add(surveyOf(35, "alpha")), 40);
}

/** The port on beta is taken from 11 on; alpha loses its storage at 14; beta is given the VIP, cannot bind and gives it up. */
export function portTaken(givenUpAfterS = 1, healS = 30): HistoryBuilder {
  const builder = opened("gates-port-taken", ["GATE-6"]);
  builder.fault({ fault: "port-taken", nodes: ["beta"], effectS: 11, healS });
  builder.fault({ fault: "storage", nodes: ["alpha"], effectS: 14, healS: healS + 15, way: "gone" });
  builder.demote(15, "alpha", "FAULT");
  builder
    .observe(20, "beta", { ownsVip: true, role: "MASTER" })
    .observe(20 + givenUpAfterS, "beta", { ownsVip: false, role: "FAULT" })
    .observe(healS + 0.5, "beta", { role: "BACKUP" })
    .promote(healS + 5, "beta")
    .observe(healS + 16, "alpha", { role: "BACKUP" });
  const why = "bind failed: failed EADDRINUSE";
  builder.add({ t: atNs(23), type: "gates", node: "beta", gates: { bind: { isOpen: false, why } } });
  builder.add(surveyOf(23.5, "beta"));
  builder.load({ fromS: 6, toS: healS + 20 }, [
    { fromS: 0, toS: 14.9, node: "alpha" },
    { fromS: healS + 7.4, toS: 99, node: "beta" },
  ]);
  return closed(builder, healS + 20);
}

/** beta is rebooted at 12, then alpha at 24; each claims the VIP, if at all, before it listens. */
export function rebooted(): HistoryBuilder {
  const builder = opened("gates-reboot", ["GATE-7"]);
  builder.fault({ fault: "reboot", nodes: ["beta"], effectS: 13, healS: 44 });
  builder.vanish(12.97, "beta").rejoin(13.2, "beta");
  builder.fault({ fault: "reboot", nodes: ["alpha"], effectS: 25, healS: 44 });
  builder.demote(24.97, "alpha", "STOP").vanish(24.98, "alpha").rejoin(25.2, "alpha").promote(30, "beta");
  builder.load({ fromS: 6, toS: 45 }, [
    { fromS: 0, toS: 24.9, node: "alpha" },
    { fromS: 32.4, toS: 99, node: "beta" },
  ]);
  return closed(builder, 45);
}

/** Somebody starts a controller on beta at 11, which refuses; alpha's is killed at 20. */
export function byHand(entry: string, watch = { seen: 1, left: 0 }): HistoryBuilder {
  const builder = opened("gates-by-hand", [entry]);
  builder.add({ t: atNs(10.5), type: "bind", node: "beta", target: rpc, outcome: "EADDRNOTAVAIL" });
  builder.mark(13.5, "started-by-hand", { node: "beta", atNs: atNs(11), code: 0, ...watch });
  builder
    .add(surveyOf(14, "alpha", [rpc]))
    .add(surveyOf(14, "beta"))
    .add(surveyOf(14, "gamma"));
  builder.fault({ fault: "process-kill", nodes: ["alpha"], effectS: 20, healS: 30, detail: { process: "controller" } });
  builder
    .observe(20, "alpha", { listens: [] })
    .observe(20.1, "alpha", { ownsVip: false, role: "FAULT" })
    .observe(24, "alpha", { role: "BACKUP" })
    .promote(26, "beta");
  builder.load({ fromS: 6, toS: 38 }, [
    { fromS: 0, toS: 19.9, node: "alpha" },
    { fromS: 28.4, toS: 99, node: "beta" },
  ]);
  return closed(builder, 38);
}

/** A survey of a node whose controller, if there is one, listens on these addresses. */
export function surveyOf(s: number, node: NodeName, controller?: string[]): SurveyEvent {
  const processes = [{ pid: 1, parent: 0, name: "s6-svscan", argv: ["s6-svscan", "/run/service"] }];
  if (controller) processes.push({ pid: 42, parent: 1, name: "node", argv: ["node", "/opt/bsfg/bin/controller.cjs"] });
  return {
    t: atNs(s),
    type: "survey",
    node,
    processes,
    sockets: [
      { protocol: "tcp", local: "127.0.0.1:4222", remote: "0.0.0.0:0", state: "LISTEN", pid: 7 },
      ...(controller ?? []).map((local) => ({
        protocol: "tcp" as const,
        local,
        remote: "0.0.0.0:0",
        state: "LISTEN",
        pid: 42,
      })),
    ],
    addresses: [],
    mounts: [],
    sysctls: { "net.ipv4.ip_nonlocal_bind": "0" },
  };
}
