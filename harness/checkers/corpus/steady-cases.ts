// Cases of the entries that are decided by looking: each bends one thing that a look shows.

import type { HistoryEvent } from "#history/event.ts";
import type { ServerEvent, SurveyedSocket, SurveyEvent } from "#history/survey.ts";
import type { NodeName } from "#spec/node.ts";
import { atNs, type HistoryBuilder, vip } from "./builder.ts";
import { bend, type Case, kept, wrong } from "./case.ts";
import { zoneAddress } from "./looks.ts";
import { failoverEntries, lookEntries, steadyFailover, steadyLook } from "./steady-stories.ts";

const survey = (node: NodeName, change: (event: SurveyEvent) => Partial<SurveyEvent>, builder = steadyLook()) =>
  bend(builder, (event) => (event.type === "survey" && event.node === node ? { ...event, ...change(event) } : event));

const server = (
  node: NodeName | "each",
  change: (event: ServerEvent) => Partial<ServerEvent>,
  builder = steadyLook(),
) =>
  bend(builder, (event) =>
    event.type === "server" && (node === "each" || event.node === node) ? { ...event, ...change(event) } : event,
  );

const without = (matches: (event: HistoryEvent) => boolean, builder = steadyLook()): HistoryBuilder =>
  bend(builder, (event) => (matches(event) ? undefined : event));

const extraProcess = (node: NodeName, ...argv: string[]) =>
  survey(node, ({ processes }) => ({ processes: [...processes, { pid: 999, parent: 1, name: argv[0]!, argv }] }));

const extraSocket = (node: NodeName, socket: Partial<SurveyedSocket>) =>
  survey(node, ({ sockets }) => ({
    sockets: [...sockets, { protocol: "tcp", local: "0.0.0.0:0", remote: "0.0.0.0:0", state: "LISTEN", ...socket }],
  }));

const isSurvey = ({ type }: HistoryEvent) => type === "survey";
const isServer = ({ type }: HistoryEvent) => type === "server";

const shared = (builder: HistoryBuilder) => {
  const mount = { device: "254:0", root: "/volumes/shared", path: "/artifacts", type: "ext4", source: "/dev/vda" };
  for (const node of ["alpha", "beta"] as const)
    survey(node, ({ mounts }) => ({ mounts: [...mounts, mount] }), builder);
  return builder;
};

const roles: Case[] = [
  wrong("ROLE-1 alpha-without-jetstream broken", /runs without JetStream/, () =>
    server("alpha", () => ({ hasJetStream: false })),
  ),
  wrong("ROLE-1 alpha-is-no-voter broken", /gamma counts beta, gamma/, () =>
    server("gamma", ({ voters }) => (voters ? { voters: voters.filter(({ name }) => name !== "alpha") } : {})),
  ),
  wrong("ROLE-1 another-program-on-the-vip broken", /belongs to haproxy/, () =>
    survey("alpha", ({ processes }) => ({
      processes: processes.map((one) => (one.pid === 104 ? { ...one, name: "haproxy", argv: ["haproxy"] } : one)),
    })),
  ),
  wrong("ROLE-1 never-surveyed unknown", /no survey shows alpha/, () => without(isSurvey)),
  wrong("ROLE-1 never-steady unknown", /never came to be steady|never reached "steady"/, () =>
    without((event) => event.type === "mark" && event.mark === "steady"),
  ),
  wrong("ROLE-2 beta-listens broken", /beta had a listener/, () =>
    steadyLook().observe(12, "beta", { listens: [`${zoneAddress.beta}:9443`] }),
  ),
  wrong("ROLE-2 beta-runs-a-controller broken", /beta runs no controller/, () =>
    extraProcess("beta", "node", "/opt/bsfg/bin/controller.cjs"),
  ),
  wrong("ROLE-2 beta-in-fault broken", /in FAULT/, () => steadyLook().observe(12, "beta", { role: "FAULT" })),
  wrong("ROLE-2 nobody-names-the-voters unknown", /no server named the voters/, () =>
    bend(steadyLook(), (event) => {
      if (event.type !== "server") return event;
      const { voters: _, ...rest } = event;
      return rest;
    }),
  ),
  wrong("ROLE-3 gamma-runs-keepalived broken", /gamma runs no keepalived/, () => extraProcess("gamma", "keepalived")),
  wrong("ROLE-3 gamma-runs-a-controller broken", /gamma runs no controller/, () =>
    extraProcess("gamma", "node", "controller"),
  ),
  wrong("ROLE-3 gamma-speaks-vrrp broken", /raw socket/, () =>
    extraSocket("gamma", { protocol: "raw", local: "0.0.0.0:112", state: "UNCONN" }),
  ),
];

const network: Case[] = [
  wrong("NET-2 wildcard-listener broken", /it listens on \[::\]:4222/, () =>
    extraSocket("beta", { protocol: "tcp6", local: "[::]:4222" }),
  ),
  wrong("NET-2 answers-another-host broken", /client reached 198\.18\.0\.12:8222/, () =>
    bend(steadyLook(), (event) =>
      event.type === "attempt" && event.from === "client" && event.target === "198.18.0.12:8222"
        ? { ...event, outcome: "connected" }
        : event,
    ),
  ),
  wrong("NET-2 controller-uses-another-server broken", /it is connected to 198\.18\.0\.12:4222/, () =>
    extraSocket("alpha", { local: "198.18.0.11:50000", remote: "198.18.0.12:4222", state: "ESTAB", pid: 104 }),
  ),
  wrong("NET-2 controller-uses-another-server-by-a-mapped-address broken", /it is connected to \[0000:.*:7422/, () =>
    extraSocket("alpha", {
      protocol: "tcp6",
      local: "[0000:0000:0000:0000:0000:ffff:c612:000b]:50000",
      remote: "[0000:0000:0000:0000:0000:ffff:c612:000c]:7422",
      state: "ESTAB",
      pid: 104,
    }),
  ),
  wrong("NET-2 never-tried unknown", /never tried/, () => without(({ type }) => type === "attempt")),
  wrong("NET-3 a-route-lacks broken", /it has none to gamma/, () =>
    server("alpha", ({ routes = [] }) => ({ routes: routes.filter(({ name }) => name !== "gamma") })),
  ),
  wrong("NET-3 a-list-lacks-one broken", /it lacks gamma/, () =>
    server("alpha", () => ({ configuredRoutes: ["198.18.0.12:6222"] })),
  ),
  wrong("NET-3 a-stranger broken", /it has one to 198\.18\.9\.9/, () =>
    server("beta", ({ routes = [] }) => ({ routes: [...routes, { name: "delta", address: "198.18.9.9" }] })),
  ),
  wrong("NET-3 server-silent unknown", /named no routes/, () =>
    bend(steadyLook(), (event) =>
      event.type === "server" && event.node === "beta"
        ? { t: event.t, type: "server", node: "beta", isReachable: false, error: "timeout" }
        : event,
    ),
  ),
  wrong("NET-4 on-the-zone-segment broken", /gamma saw one/, () => steadyLook().add(strayAdvert("gamma", "zone"))),
  wrong("NET-4 third-speaker broken", /one goes from 198\.18\.1\.66/, () =>
    steadyLook().add({ ...strayAdvert("alpha", "control"), source: "198.18.1.66" }),
  ),
  wrong("NET-4 blind-capture unknown", /saw no packet/, () =>
    bend(steadyLook(), (event) =>
      event.type === "capture" && event.seenBy === "gamma" && event.phase === "ended"
        ? { ...event, packets: 0 }
        : event,
    ),
  ),
  wrong("NET-4 never-captured unknown", /no capture was made/, () => without(({ type }) => type === "capture")),
  wrong("NET-5 static-vip-on-beta broken", /alpha and beta both owned it/, () =>
    steadyLook().observe(12, "beta", { ownsVip: true }),
  ),
  wrong("NET-5 listed-on-two broken", /eth0 of alpha and lo of gamma/, () =>
    survey("gamma", ({ addresses }) => ({ addresses: [...addresses, { interface: "lo", address: vip }] })),
  ),
  wrong("NET-5 gamma-never-looked-at unknown", /gamma was never looked at/, () =>
    without((event) => event.type === "observed" && event.node === "gamma"),
  ),
];

const strayAdvert = (seenBy: NodeName, segment: "zone" | "control") => ({
  t: atNs(12.2),
  type: "vrrp" as const,
  seenBy,
  segment,
  source: zoneAddress.alpha,
  destination: zoneAddress.beta,
  priority: 150,
});

const storage: Case[] = [
  wrong("STO-1 nowhere broken", /no file there/, () =>
    bend(steadyLook(), (event) => (event.type === "files" ? { ...event, files: [] } : event)),
  ),
  wrong("STO-1 shared-volume broken", /\/artifacts is also \/artifacts of beta/, () => shared(steadyLook())),
  wrong("STO-1 never-listed unknown", /were not listed/, () => without(({ type }) => type === "files")),
  wrong("STO-2 served-by-beta broken", /beta served it/, () =>
    bend(steadyFailover(), (event) => {
      if (event.type !== "fail" || event.f !== "get") return event;
      const { error: _, ...rest } = event;
      return { ...rest, type: "ok" };
    }),
  ),
  wrong("STO-2 lies-on-beta broken", /it lay there as/, () =>
    bend(steadyFailover(), (event) => {
      const isLast = event.type === "files" && event.node === "beta" && event.t > atNs(40);
      return isLast ? { ...event, files: [{ path: "x", bytes: 65_536, digest: "abcdef0123456789" }] } : event;
    }),
  ),
  wrong("STO-2 error-says-something-else broken", /beta answered rpc-internal/, () =>
    bend(steadyFailover(), (event) =>
      event.type === "fail" && event.f === "get" ? { ...event, error: "rpc-internal" } : event,
    ),
  ),
  wrong("STO-2 nobody-asked unknown", /nobody asked/, () =>
    without((event) => "f" in event && event.f === "get", steadyFailover()),
  ),
  wrong("STO-5 shared-volume broken", /\/artifacts of alpha is \/artifacts of beta/, () => shared(steadyLook())),
  wrong("STO-5 one-node-unseen unknown", /no survey shows all three/, () =>
    without((event) => event.type === "survey" && event.node === "gamma"),
  ),
];

const oneReplica = ({ streams = [] }: ServerEvent) => ({
  streams: streams.map((one) => (one.name === "facts_operational" ? { ...one, replicas: 1 } : one)),
});
const withConsumer = (replicas: number) => (event: ServerEvent) => ({
  streams: (event.streams ?? []).map((one) => ({ ...one, consumers: [{ name: "audit", replicas }] })),
});

const durability: Case[] = [
  kept("DUR-2", "a-durable-consumer", () => server("each", withConsumer(3))),
  wrong("DUR-1 one-replica broken", /facts_operational is made for 1 replica/, () => server("each", oneReplica)),
  wrong("DUR-1 held-by-two broken", /cursors is held by 2 of 3 servers/, () =>
    server("beta", ({ streams = [] }) => ({ streams: streams.filter(({ name }) => name !== "cursors") })),
  ),
  wrong("DUR-1 server-silent unknown", /the server of beta said timeout/, () =>
    server("beta", () => ({ isReachable: false, error: "timeout" })),
  ),
  wrong("DUR-2 consumer-of-one-replica broken", /durable consumer audit of .* has 1 replica/, () =>
    server("alpha", withConsumer(1)),
  ),
  wrong("DUR-2 consumer-on-one-server broken", /durable consumer audit of .* is held by 1 of 3 servers/, () =>
    server("alpha", withConsumer(3)),
  ),
  wrong("DUR-2 nothing-confirmed unknown", /no client confirmed anything/, () =>
    without((event) => "f" in event && event.f === "confirm"),
  ),
  wrong("DUR-3 two-voters broken", /counts 2 voters/, () => server("each", () => ({ metaSize: 2 }))),
  wrong("DUR-3 a-stranger-votes broken", /names delta/, () =>
    server("gamma", ({ voters = [] }) => ({ voters: [...voters, { name: "delta", isOnline: true }] })),
  ),
  wrong("DUR-3 never-asked unknown", /no server was asked/, () => without(isServer)),
];

const invariants: Case[] = [
  wrong("INV-1 shared-after-the-failover broken", /\/srv of beta is \/srv of gamma/, () => {
    const mount = { device: "8:1", root: "/", path: "/srv", type: "xfs", source: "/dev/sdb1" };
    const builder = steadyFailover();
    for (const node of ["beta", "gamma"] as const)
      survey(node, ({ t, mounts }) => ({ mounts: t > atNs(30) ? [...mounts, mount] : mounts }), builder);
    return builder;
  }),
  wrong("INV-1 never-surveyed unknown", /no survey shows all three/, () => without(isSurvey)),
  wrong("INV-2 kubelet broken", /kubelet --config/, () => extraProcess("gamma", "/usr/bin/kubelet", "--config=x")),
  wrong("INV-2 never-surveyed unknown", /no survey shows alpha/, () => without(isSurvey)),
  wrong("INV-3 a-fact-is-gone broken", /was not among/, () => {
    const lost = steadyFailover().events.find((event) => event.type === "stored" && event.t === atNs(30));
    return bend(steadyFailover(), (event) =>
      event.type === "stored" && lost?.type === "stored" && event.messageId === lost.messageId ? undefined : event,
    );
  }),
  wrong("INV-3 not-readable broken", /reading gave "no answer"/, () =>
    bend(steadyFailover(), (event) =>
      event.type === "mark" && event.mark === "read-back"
        ? { ...event, detail: { isReadable: false, saw: "no answer" } }
        : event,
    ),
  ),
  wrong("INV-3 resumes-only-after-the-repair broken", /none was in 3\d/, () =>
    bend(steadyFailover(), (event) => {
      const isMeanwhile = event.type === "ok" && event.t > atNs(12) && event.t < atNs(46);
      return isMeanwhile ? { ...event, type: "info", error: "call-timeout" } : event;
    }),
  ),
  wrong("INV-3 never-read-back unknown", /were not read back/, () =>
    without((event) => event.type === "mark" && event.mark === "read-back", steadyFailover()),
  ),
  wrong("INV-4 answered-by-a-standby broken", /beta answered operation .* not active/, () =>
    steadyLook().append({ s: 12.1, process: "client-99", node: "beta" }),
  ),
  wrong("INV-4 listens-without-the-vip broken", /gamma listened only while|it listened for/, () =>
    steadyLook().observe(12, "gamma", { listens: ["198.18.0.13:9443"] }),
  ),
  wrong("INV-4 active-with-a-closed-gate broken", /gate storage closed/, () =>
    bend(steadyLook(), (event) =>
      event.type === "gates" ? { ...event, gates: { storage: { isOpen: false, why: "gone" } } } : event,
    ),
  ),
  wrong("INV-4 nobody-asked-for-gates unknown", /no active node was asked/, () =>
    without(({ type }) => type === "gates"),
  ),
  wrong("INV-5 one-replica-after-the-failover broken", /made for 1 replica/, () =>
    server("beta", (event) => (event.t > atNs(30) ? oneReplica(event) : {}), steadyFailover()),
  ),
  wrong("INV-5 never-asked unknown", /no round asked all three/, () => without(isServer)),
  wrong("INV-6 in-a-block-file broken", /\/data\/jetstream\/msgs\/1\.blk holds some of it/, () =>
    bend(steadyLook(), (event) =>
      event.type === "search" && event.node === "gamma" ? { ...event, found: ["msgs/1.blk"] } : event,
    ),
  ),
  wrong("INV-6 in-a-stream-in-memory broken", /objects on alpha grew by/, () =>
    server("alpha", ({ t, streams = [] }) => {
      const stream = {
        name: "objects",
        replicas: 3,
        storage: "memory" as const,
        messages: 1,
        bytes: 66_000,
        consumers: [],
      };
      return t > atNs(14) ? { streams: [...streams, stream] } : {};
    }),
  ),
  wrong("INV-6 search-finds-nothing-at-all unknown", /found the artifact on no node/, () =>
    bend(steadyLook(), (event) => (event.type === "search" ? { ...event, found: [] } : event)),
  ),
];

export const steadyCases: readonly Case[] = [
  ...lookEntries.map((entry) => kept(entry, "look", steadyLook)),
  ...failoverEntries.map((entry) => kept(entry, "failover", steadyFailover)),
  ...roles,
  ...network,
  ...storage,
  ...durability,
  ...invariants,
];
