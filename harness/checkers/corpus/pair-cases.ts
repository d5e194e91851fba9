// Cases of the entries about two zones: each bends one thing that one of the two shows.

import type { HistoryEvent } from "#history/event.ts";
import type { SurveyedSocket } from "#history/survey.ts";
import { atNs, type HistoryBuilder, vip } from "./builder.ts";
import { bend, type Case, crowded, kept, wrong } from "./case.ts";
import { artifact, peerArtifact, peerVip, peerZones } from "./pair-stories.ts";

type Inner = Extract<HistoryEvent, { type: "peer" }>["event"];

/** Each event of the peer zone as `change` gives it back, or gone. */
const bendPeer = (change: (event: Inner) => Inner | undefined, builder = peerZones()) =>
  bend(builder, (event) => {
    if (event.type !== "peer") return event;
    const inner = change(event.event);
    return inner && { ...event, t: inner.t, event: inner };
  });

const without = (matches: (event: HistoryEvent) => boolean, builder = peerZones()): HistoryBuilder =>
  bend(builder, (event) => (matches(event) ? undefined : event));

/** One of the facts that came from the other zone. */
const isImport = (event: HistoryEvent, messageId: string) => event.type === "stored" && event.messageId === messageId;

const withPair = (from: string, to: string, protocol = "tcp") =>
  bend(peerZones(), (event) =>
    event.type === "talk" ? { ...event, pairs: [...event.pairs, { protocol, from, to, packets: 3 }] } : event,
  );

const withSocket = (local: string, remote: string, protocol: SurveyedSocket["protocol"] = "tcp") =>
  bend(peerZones(), (event) => {
    if (event.type !== "survey" || event.node !== "gamma") return event;
    return { ...event, sockets: [...event.sockets, { protocol, local, remote, state: "ESTAB", pid: 301 }] };
  });

/** An end of a socket in the kernel's tables of IPv6, as a survey writes it. */
const mapped = (end: string) => {
  const [a = 0, b = 0, c = 0, d = 0, port = 0] = end.split(/[.:]/).map(Number);
  const word = (high: number, low: number) => ((high << 8) | low).toString(16).padStart(4, "0");
  return `[0000:0000:0000:0000:0000:ffff:${word(a, b)}:${word(c, d)}]:${port}`;
};
const linkLocal = (host: string, port: number) => `[fe80:0000:0000:0000:0000:0000:0000:${host}]:${port}`;
const loopback6 = (port: number) => `[0000:0000:0000:0000:0000:0000:0000:0001]:${port}`;

/** Every socket of both zones stands in the tables of IPv6, as those of a program that listens and dials with them do. */
function throughIpv6(): HistoryBuilder {
  const moved = <E extends Inner>(event: E): E =>
    event.type === "survey" ? { ...event, sockets: event.sockets.map(inIpv6) } : event;
  return bendPeer(
    moved,
    bend(peerZones(), (event) => (event.type === "peer" ? event : moved(event))),
  );
}

function inIpv6(socket: SurveyedSocket): SurveyedSocket {
  const move = (end: string) =>
    end === "0.0.0.0:0" ? "[::]:0" : end.startsWith("127.") ? loopback6(Number(end.split(":")[1])) : mapped(end);
  if (socket.protocol !== "tcp") return socket;
  return { ...socket, protocol: "tcp6", local: move(socket.local), remote: move(socket.remote) };
}

/** Is my address taken, which groups am I in, is there a router; the last as captures once told it, cut at its first colon. */
const kernelsWords = [
  { from: "::", to: "ff02::1:ff00:d" },
  { from: "::", to: "ff02::16" },
  { from: "fe80::d", to: "ff02::1" },
  { from: "fe80::d", to: "ff02::2" },
  { from: "fe80::d", to: "ff02" },
].map((pair) => ({ ...pair, protocol: "ip6", packets: 1 }));

const holding = (event: HistoryEvent, digest: string) =>
  event.type === "files" && event.files.some((one) => one.digest === digest);

const exchange: Case[] = [
  kept("STO-3", "peer-zones", peerZones),
  wrong("STO-3 a-route-on-the-segment broken", /saw tcp from 198\.19\.84\.11:40000 to 198\.18\.2\.11:6222/, () =>
    withPair("198.19.84.11:40000", "198.18.2.11:6222"),
  ),
  wrong("STO-3 the-vips-speak-nats broken", /saw tcp from 198\.18\.0\.10:40000 to 198\.18\.2\.10:4222/, () =>
    withPair(`${vip}:40000`, `${peerVip}:4222`),
  ),
  wrong("STO-3 another-protocol broken", /saw udp/, () => withPair(`${vip}:53`, `${peerVip}:9443`, "udp")),
  wrong(
    "STO-3 a-server-is-connected broken",
    /gamma of plant-a-bsfg has 198\.18\.0\.13:40000 to 198\.18\.2\.13:6222/,
    () => withSocket("198.18.0.13:40000", "198.18.2.13:6222"),
  ),
  wrong("STO-3 called-from-no-vip broken", /has 198\.19\.84\.11:40000 to 198\.18\.2\.10:9443/, () =>
    withSocket("198.19.84.11:40000", `${peerVip}:9443`),
  ),
  kept("STO-3", "through-sockets-of-ipv6", throughIpv6),
  wrong(
    "STO-3 connected-by-mapped-addresses broken",
    /gamma of \S+ has 198\.18\.0\.13:40000 to 198\.18\.2\.13:6222/,
    () => withSocket(mapped("198.18.0.13:40000"), mapped("198.18.2.13:6222"), "tcp6"),
  ),
  wrong(
    "STO-3 connected-by-link-local-addresses broken",
    /gamma of \S+ has \[fe80:\S+:000d\]:40000 to \[fe80:\S+:0021\]:6222/,
    () => withSocket(linkLocal("000d", 40_000), linkLocal("0021", 6_222), "tcp6"),
  ),
  kept("STO-3", "kernels-speak-ipv6", () =>
    bend(peerZones(), (event) =>
      event.type === "talk" ? { ...event, pairs: [...event.pairs, ...kernelsWords] } : event,
    ),
  ),
  wrong("STO-3 tcp-by-link-local-addresses broken", /saw ip6 from fe80::d\.40000 to fe80::21\.6222/, () =>
    withPair("fe80::d.40000", "fe80::21.6222", "ip6"),
  ),
  wrong("STO-3 a-ping-by-link-local-addresses broken", /saw ip6 from fe80::d to fe80::21/, () =>
    withPair("fe80::d", "fe80::21", "ip6"),
  ),
  wrong("STO-3 a-program-speaks-to-a-group broken", /saw ip6 from fe80::d\.5353 to ff02::fb\.5353/, () =>
    withPair("fe80::d.5353", "ff02::fb.5353", "ip6"),
  ),
  wrong("STO-3 vrrp-by-link-local-addresses broken", /saw ip6 from fe80::d to ff02::12/, () =>
    withPair("fe80::d", "ff02::12", "ip6"),
  ),
  wrong("STO-3 nothing-passed unknown", /no packet between the VIPs was seen/, () =>
    without(({ type }) => type === "talk"),
  ),
  wrong("STO-3 never-surveyed unknown", /0 surveys show no connection/, () =>
    without(
      (event) => event.type === "survey",
      bendPeer((event) => (event.type === "survey" ? undefined : event)),
    ),
  ),
  wrong("STO-3 a-fact-never-came broken", /1 fact never came \(first m-00009\)/, () =>
    bendPeer((event) => (isImport(event, "m-00009") ? undefined : event)),
  ),
  wrong("STO-3 a-fact-of-the-peer-never-came broken", /1 fact never came \(first p-00009\)/, () =>
    without((event) => isImport(event, "p-00009")),
  ),
  wrong("STO-3 a-fact-came-twice broken", /1 fact stored twice \(first p-00009\)/, () =>
    peerZones().add({ t: atNs(58), type: "stored", offset: 60_000, messageId: "p-00009", digest: "00000009" }),
  ),
  wrong("STO-3 a-fact-came-altered broken", /1 fact came altered \(first p-00009\)/, () =>
    bend(peerZones(), (event) =>
      event.type === "stored" && event.messageId === "p-00009" ? { ...event, digest: "bad" } : event,
    ),
  ),
  wrong("STO-3 never-at-rest broken", /12 and 11 facts/, () =>
    bend(peerZones(), (event) =>
      event.type === "mark" && event.mark === "exchanged"
        ? { ...event, detail: { isTimedOut: true, saw: "12 and 11 facts" } }
        : event,
    ),
  ),
  wrong("STO-3 the-artifact-stayed-at-home broken", /no file in enterprise-bsfg has the digest/, () =>
    bendPeer((event) => (holding(event, artifact.digest) && event.type === "files" ? { ...event, files: [] } : event)),
  ),
  wrong("STO-3 the-peer-s-artifact-was-not-fetched broken", /no file in plant-a-bsfg has the digest/, () =>
    bend(peerZones(), (event) =>
      event.type === "files"
        ? { ...event, files: event.files.filter((one) => one.digest !== peerArtifact.digest) }
        : event,
    ),
  ),
  wrong("STO-3 one-zone unknown", /one zone/, () => {
    const builder = without(({ type }) => type === "peer");
    delete builder.header.peer;
    return builder;
  }),
  wrong("STO-3 the-peer-was-not-observed unknown", /in the peer zone: the observer was silent/, () =>
    bendPeer((event) => (event.type === "looks" ? undefined : event)),
  ),
  wrong("DUR-6 lost-in-the-peer-zone broken", /in the peer zone: 1 of \d+ acknowledged facts not in the stream/, () =>
    bendPeer((event) => (isImport(event, "p-00009") ? undefined : event)),
  ),
];

const isGet = (event: HistoryEvent) => event.type === "ok" && event.f === "get";

/** Seconds later nobody had answered. */
const unanswered = (event: HistoryEvent): HistoryEvent =>
  isGet(event) && event.type === "ok" ? { ...event, t: event.t + 8e9, type: "info", error: "call-timeout" } : event;

const comesBack: Case[] = [
  kept("STO-4", "peer-zones", peerZones),
  wrong("STO-4 not-found broken", /the answer was rpc-not-found/, () =>
    bend(peerZones(), (event) =>
      isGet(event) && event.type === "ok" ? { ...event, type: "fail", error: "rpc-not-found" } : event,
    ),
  ),
  wrong("STO-4 no-answer broken", /the answer was call-timeout/, () => bend(peerZones(), unanswered)),
  wrong(
    "STO-4 no-answer-on-a-crowded-machine unknown",
    /the answer was call-timeout, and the machine was crowded/,
    () => crowded(bend(peerZones(), unanswered).looks(30, 40), 12),
  ),
  wrong("STO-4 another-content broken", /served something with the digest 0bad/, () =>
    bend(peerZones(), (event) => (isGet(event) && event.type === "ok" ? { ...event, digest: "0bad" } : event)),
  ),
  wrong("STO-4 not-kept broken", /no file there has its digest/, () =>
    bend(peerZones(), (event) => (event.type === "files" && event.node === "beta" ? { ...event, files: [] } : event)),
  ),
  wrong("STO-4 no-copy unknown", /no list of its artifacts shows one/, () =>
    bendPeer((event) => (event.type === "files" ? { ...event, files: [] } : event)),
  ),
  wrong("STO-4 never-lost unknown", /lay on beta already/, () =>
    bend(peerZones(), (event) =>
      event.type === "files" && event.node === "beta"
        ? { ...event, files: [{ path: artifact.key, digest: artifact.digest, bytes: artifact.bytes }] }
        : event,
    ),
  ),
  wrong("STO-4 never-asked unknown", /nobody asked for it/, () =>
    without((event) => (event.type === "ok" || event.type === "invoke") && event.f === "get"),
  ),
];

export const pairCases: readonly Case[] = [...exchange, ...comesBack];
