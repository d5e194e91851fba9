// Wrong admission: a row of the handshake matrix that must be refused is served, in the first matrix or in a later one,
// on alpha or on beta; or a certificate and its alert are not what the rotation must show.

import type { HandshakeEvent } from "#history/event.ts";
import { nodeNames, type NodeName } from "#spec/node.ts";
import { type Change, only, type Variant } from "../change.ts";
import type { Scene } from "../scene.ts";

interface Row {
  event: HandshakeEvent;
  index: number;
  /** Whose certificate was shown in its matrix. */
  node: NodeName;
}

/** Rows that the endpoint refused, with the node that was active. */
function refusedRows(scene: Scene): Row[] {
  return scene.of("handshake").flatMap(({ event, index }) => {
    if (event.outcome !== "refused") return [];
    const node = (["alpha", "beta"] as const).find((name) =>
      scene.active(name).some((span) => span.fromNs <= event.t && span.toNs >= event.t),
    );
    return node ? [{ event, index, node }] : [];
  });
}

/** The same row as a client that was let in would have recorded it. */
function asServed({ error: _, ...event }: HandshakeEvent): HandshakeEvent {
  const version = event.version ?? event.offered.versions[1];
  const cipher = event.offered.ciphers ?? event.cipher ?? "TLS_AES_128_GCM_SHA256";
  return { ...event, outcome: "served", version, cipher };
}

/** Rows by what refusing them means. */
const families: { name: string; says: string; isOf: (row: string) => boolean; turns: string[] }[] = [
  {
    name: "no-certificate-served",
    says: "a client without a certificate is served",
    isOf: (row) => row.startsWith("certificate none TLS"),
    turns: ["SEC-3", "NET-1"],
  },
  {
    name: "no-certificate-appends",
    says: "a client without a certificate appends a fact",
    isOf: (row) => row.startsWith("certificate none for"),
    turns: ["SEC-3", "NET-1"],
  },
  {
    name: "foreign-certificate-served",
    says: "a client with a certificate of a foreign CA is served",
    isOf: (row) => row.includes("foreign-ca"),
    turns: ["SEC-3"],
  },
  {
    name: "expired-certificate-served",
    says: "a client with an expired certificate is served",
    isOf: (row) => row.includes("expired"),
    turns: ["SEC-3"],
  },
  {
    name: "wrong-identity-served",
    says: "a certificate speaks for a zone that is not its own",
    isOf: (row) => /^certificate (?:other-zone|no-zone|right) for /.test(row),
    turns: ["SEC-3"],
  },
  {
    name: "plain-http-served",
    says: "a client without TLS is served",
    isOf: (row) => row === "plain HTTP",
    turns: ["NET-1"],
  },
  {
    name: "stock-client-without-certificate-served",
    says: "a client of another make is served without a certificate",
    isOf: (row) => /^stock .* none$/.test(row),
    turns: ["NET-1"],
  },
  {
    name: "old-tls-served",
    says: "TLS below 1.2 is served",
    isOf: (row) => /^version TLSv1(?:\.1)?$/.test(row),
    turns: ["SEC-1"],
  },
  {
    name: "foreign-suite-served",
    says: "a cipher suite outside the approved ones is agreed on",
    isOf: (row) => /^cipher (?:ECDHE-ECDSA-AES256-SHA|AES128-SHA|DHE-PSK-NULL-SHA)$/.test(row),
    turns: ["SEC-4"],
  },
];

/** One row of each family served: as it stands, and as a second row of that name. */
const served: Change[] = families.map(({ name, says, isOf, turns }) => ({
  name,
  kind: "handshakes",
  says,
  turns: [],
  everywhere: turns,
  variants: (scene) => {
    const rows = refusedRows(scene).filter(({ event }) => isOf(event.row));
    return rows.flatMap(({ event, index, node }): Variant[] => [
      { at: `${event.row}, ${node}`, events: () => scene.replaced(index, asServed(event)) },
      {
        at: `${event.row}, ${node}, tried again`,
        events: () => scene.replaced(index, [event, { ...asServed(event), t: event.t + 1 }]),
      },
    ]);
  },
}));

const oldChosen: Change = {
  name: "newest-tls-not-chosen",
  kind: "handshakes",
  says: "both sides offer TLS 1.3 and 1.2 is chosen",
  turns: [],
  everywhere: ["SEC-2"],
  variants: (scene) =>
    scene
      .of("handshake")
      .filter(({ event }) => event.row === "version any" && event.outcome === "served")
      .map(({ event, index }, place): Variant => ({
        at: `matrix ${place + 1}`,
        events: () => scene.replaced(index, { ...event, version: "TLSv1.2", cipher: "ECDHE-ECDSA-AES128-GCM-SHA256" }),
      })),
};

/** The endpoint is reachable on a node's own address. */
const openAddress: Change = {
  name: "endpoint-on-a-node-address",
  kind: "handshakes",
  says: "a connection to the RPC port of a node's own address is taken",
  turns: [],
  everywhere: ["NET-1"],
  variants: (scene) =>
    scene
      .of("attempt")
      .filter(({ event }) => event.target.endsWith(`:${scene.view.endpoint.rpcPort}`) && event.outcome === "refused")
      .map(({ event, index }, place): Variant => ({
        at: `${event.target}, ${place + 1}`,
        events: () => scene.replaced(index, { ...event, outcome: "connected" }),
      })),
};

const openNats: Change = {
  name: "nats-port-reached-from-another-host",
  kind: "handshakes",
  says: "another host reaches a node's client or monitoring port",
  turns: ["NET-2"],
  variants: (scene) =>
    nodeNames.flatMap((node): Variant[] => {
      const { zoneAddress, controlAddress } = scene.header.zone.nodes[node];
      return scene
        .of("attempt")
        .filter(({ event }) => event.outcome === "refused" && /:(?:4222|8222)$/.test(event.target))
        .filter(({ event }) => [zoneAddress, controlAddress].includes(event.target.replace(/:\d+$/, "")))
        .slice(0, 2)
        .map(({ event, index }) => ({
          at: `${event.target} from ${event.from}`,
          events: () => scene.replaced(index, { ...event, outcome: "connected" }),
        }));
    }),
};

/** The gate's word on the certificate, before the first renewal: as if all were well. */
const noAlert: Change = {
  name: "no-alert-before-expiry",
  kind: "handshakes",
  says: "a certificate runs short and the node does not say so",
  turns: ["SEC-5"],
  variants: (scene) => {
    const renewedNs = scene.marks("renewed")[0]?.event.t ?? -Infinity;
    const quiet = { isOpen: true, why: "" };
    const gates = scene.of("gates").filter(({ event }) => event.t < renewedNs && event.gates["certificate"]);
    const variants = gates.map(({ event, index }): Variant => ({
      at: event.node,
      events: () => scene.replaced(index, { ...event, gates: { ...event.gates, certificate: quiet } }),
    }));
    if (gates.length === 0) return variants;
    const inHealth: Variant = {
      at: "in the health answer",
      events: () =>
        scene.editedOf("handshake", (event) =>
          event.certificateGate && event.t < renewedNs ? { ...event, certificateGate: quiet } : event,
        ),
    };
    return [...variants, inHealth];
  },
};

const staleAlert: Change = {
  name: "alert-after-renewal",
  kind: "handshakes",
  says: "a node still warns of its certificate after it was renewed",
  turns: ["SEC-5"],
  variants: (scene) => {
    const renewedNs = scene.marks("renewed").at(-1)?.event.t ?? Infinity;
    const alert = { isOpen: true, why: "warn: 29.0 days left, 30 asked for" };
    return scene
      .of("gates")
      .filter(({ event }) => event.t > renewedNs && event.gates["certificate"])
      .map(({ event, index }): Variant => ({
        at: event.node,
        events: () => scene.replaced(index, { ...event, gates: { ...event.gates, certificate: alert } }),
      }));
  },
};

type Shown = NonNullable<HandshakeEvent["server"]>;

/** Clients are shown the certificate from before the rotation. */
const staleCertificate: Change = {
  name: "old-certificate-after-renewal",
  kind: "handshakes",
  says: "after the rotation clients are shown a certificate from before it, or one with few days left",
  turns: ["SEC-5"],
  variants: (scene) => {
    const renewedNs = scene.marks("renewed")[0]?.event.t;
    const shown = scene.of("handshake").filter(({ event }) => event.server !== undefined);
    const old = shown.find(({ event }) => event.t < (renewedNs ?? 0))?.event.server;
    if (!old || renewedNs === undefined) return [];
    const after = (server: (now: Shown) => Shown) => () =>
      scene.editedOf("handshake", (event) =>
        event.server && event.t > renewedNs ? { ...event, server: server(event.server) } : event,
      );
    const some = shown.filter(({ event }) => event.t > renewedNs && event.outcome === "served");
    const [middle, last] = [some[some.length >> 1], some.at(-1)];
    return [
      ...(middle && middle !== last
        ? only("the same one, in one row", () => scene.replaced(middle.index, { ...middle.event, server: old }))
        : []),
      { at: "the same one", events: after(() => old) },
      { at: "a new one of 9 days", events: after((now) => ({ ...now, leftDays: 9 })) },
    ];
  },
};

export const handshakeChanges: readonly Change[] = [
  ...served,
  oldChosen,
  openAddress,
  openNats,
  noAlert,
  staleAlert,
  staleCertificate,
];
