// Asks a zone that has just started for what the points of the contract need. It changes nothing but for a few facts
// that it appends.

import { delay } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { HistoryEvent, InspectionEvent, ServerEvent, StreamEvent } from "#history/event.ts";
import type { RunInsideRequest } from "#protocol/commands/node.ts";
import type { MonitorSample } from "#protocol/commands/monitor.ts";
import { defaultLoad, peerZoneId } from "#spec/scenario.ts";
import { isServiceNode, mapNodes, type NodeName, nodeNames, serviceNodes } from "#spec/node.ts";
import { clientCertificatePaths } from "#topology/plan-zone.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { GateFact, NodeFacts, ZoneFacts } from "./node-facts.ts";

const askTimeoutMs = 3_000;
/** So that a slow first call is no missing answer. */
const loadMs = 2_500;
const appendPerS = 10;
const healthTries = 3;
const healthPauseMs = 500;

/** Events of the zone, as they come. */
export class EventTray {
  readonly #events: HistoryEvent[] = [];
  readonly take = (event: HistoryEvent): void => void this.#events.push(event);

  clear(): void {
    this.#events.length = 0;
  }

  of<T extends HistoryEvent["type"]>(type: T): Extract<HistoryEvent, { type: T }>[] {
    return this.#events.filter((one): one is Extract<HistoryEvent, { type: T }> => one.type === type);
  }
}

/** One look at everything. A part that does not answer is left out. */
export async function gatherFacts(zone: StartedZone, tray: EventTray): Promise<ZoneFacts> {
  tray.clear();
  await zone.findNodes();
  const entries = nodeNames.map(async (name) => [name, await nodeFacts(zone, name)] as const);
  const nodes = Object.fromEntries(await Promise.all(entries)) as Record<NodeName, NodeFacts>;
  const up = nodeNames.filter((name) => nodes[name].isUp);
  for (const name of up) {
    await zone.askNode(name, { do: "streams", timeoutMs: askTimeoutMs }).catch(() => {});
    if (tray.of("stream").length > 0) break;
  }
  const { health, storage } = await sampled(zone);
  const appends = health.isActive || health.node ? await appended(zone) : { ok: 0, of: 0 };
  if (appends.ok > 0) await readBack(zone, up).catch(() => {});
  const inspections: InspectionEvent[] = tray.of("inspection");
  const servers: ServerEvent[] = tray.of("server");
  const streams: StreamEvent[] = tray.of("stream");
  return {
    nodes: mapNodes((name) => ({
      ...nodes[name],
      ...own("artifactWrite", storage[name]),
      ...own(
        "inspection",
        inspections.findLast((one) => one.node === name),
      ),
      ...own(
        "server",
        servers.findLast((one) => one.node === name),
      ),
    })),
    streams,
    health,
    appends,
    storedIds: tray.of("stored").map(({ messageId }) => messageId),
  };
}

function own<K extends string, V>(key: K, value: V | undefined): { [Key in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [Key in K]?: V };
}

async function nodeFacts(zone: StartedZone, name: NodeName): Promise<NodeFacts> {
  const none = { failedUnits: [], absent: [], absentCommands: [] };
  if (!zone.node(name).isUp) {
    const log = await zone.node(name).logs(6).catch(messageOf);
    return {
      isUp: false,
      why: `it ended; the end of its log: ${log.trim().replaceAll("\n", " | ").slice(-400)}`,
      ...none,
    };
  }
  const { contract, nodes } = zone.plan;
  await Promise.all([
    zone.askNode(name, { do: "inspect-node" }).catch(() => {}),
    zone.askNode(name, { do: "server", timeoutMs: askTimeoutMs }).catch(() => {}),
  ]);
  const folders = isServiceNode(name) ? Object.values(contract.stores) : [contract.stores.jetstream];
  const paths = [...nodes[name].files.map(({ path }) => path), ...folders];
  const commands = (
    isServiceNode(name) ? Object.values(contract.services) : [contract.services["nats-server"]]
  ).flatMap((one) => [one?.start?.[0], one?.stop?.[0]].filter((word) => word !== undefined));
  const root = `/proc/${zone.node(name).pid}/root`;
  const [absent, absentCommands, systemd, failed] = await Promise.all([
    // The agent's own shell: a node may have none.
    outputIn(zone, name, {
      namespaces: ["net"],
      argv: ["sh", "-c", paths.map((path) => `[ -e '${root}${path}' ] || echo '${path}'`).join("; ")],
    }),
    outputOf(zone, name, ["sh", "-c", [...new Set(commands)].map((word) => lookFor(word)).join("; ") || ":"]),
    outputOf(zone, name, ["systemctl", "is-system-running"]),
    outputOf(zone, name, ["systemctl", "--failed", "--plain", "--no-legend"]),
  ]);
  return {
    isUp: true,
    failedUnits: linesOf(failed).map((line) => line.split(/\s+/)[0] ?? ""),
    absent: linesOf(absent),
    absentCommands: linesOf(absentCommands),
    ...(/^[a-z]+$/.test(systemd.trim()) ? { systemd: systemd.trim() } : {}),
    ...(isServiceNode(name) ? await serviceFacts(zone, name) : {}),
  };
}

const lookFor = (word: string) => `command -v '${word}' >/dev/null || echo '${word}'`;

async function serviceFacts(zone: StartedZone, name: NodeName): Promise<Partial<NodeFacts>> {
  const { roleFile, gates } = zone.plan.contract;
  const role = roleFile === null ? "" : (await outputOf(zone, name, ["cat", roleFile])).trim();
  const text = gates ? await outputOf(zone, name, gates.command ?? ["cat", gates.file ?? ""]) : "";
  return { ...(role === "" ? {} : { role }), ...(gates ? { gates: gatesIn(text) } : {}) };
}

function gatesIn(text: string): GateFact[] | string {
  try {
    const { gates } = JSON.parse(text) as { gates: Partial<GateFact>[] };
    return gates.map(({ name = "", isOpen = false, why = "" }) => ({ name, isOpen, why }));
  } catch {
    return `"${text.trim().slice(0, 80)}" is no object with gates`;
  }
}

/** Standard output of a program of the node; empty when it cannot be run. */
function outputOf(zone: StartedZone, name: NodeName, argv: string[]): Promise<string> {
  return outputIn(zone, name, { namespaces: ["net", "mnt", "pid"], argv });
}

async function outputIn(
  zone: StartedZone,
  name: NodeName,
  run: Pick<RunInsideRequest, "namespaces" | "argv">,
): Promise<string> {
  try {
    return (await zone.askNode(name, { do: "run-inside", timeoutMs: askTimeoutMs, ...run })).stdout;
  } catch {
    return "";
  }
}

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line.trim() !== "");

/** Health through the VIP, and a write into the artifact storage of each service node. */
async function sampled(zone: StartedZone): Promise<Pick<MonitorSample, "health" | "storage">> {
  await using monitor = await zone.openMonitor();
  const { plan } = zone;
  await monitor.ask({
    do: "monitor",
    vip: plan.vip,
    rpcPort: plan.contract.ports.rpc,
    serverName: plan.spec.zoneId,
    certificates: { ...clientCertificatePaths },
    fingerprints: zone.fingerprints,
  });
  const up = serviceNodes.filter((name) => zone.node(name).isUp);
  const pids = Object.fromEntries(up.map((name) => [name, zone.node(name).pid]));
  const sample = () => monitor.ask({ do: "sample", pids, certificateOn: [], storageOn: up, timeoutMs: askTimeoutMs });
  // The first sample dials, and a later one asks.
  let latest = await sample();
  for (let tries = 0; tries < healthTries && latest.health.isActive !== true; tries += 1) {
    await delay(healthPauseMs);
    latest = await sample();
  }
  return latest;
}

async function appended(zone: StartedZone): Promise<ZoneFacts["appends"]> {
  const { plan } = zone;
  await using client = await zone.openClient();
  await client.ask({
    do: "load",
    target: `${plan.vip}:${plan.contract.ports.rpc}`,
    serverName: plan.spec.zoneId,
    certificates: { ...clientCertificatePaths },
    zoneId: plan.spec.zoneId,
    toZone: peerZoneId,
    callTimeoutMs: defaultLoad.callTimeoutMs,
    connectTimeoutMs: defaultLoad.connectTimeoutMs,
    firstOp: 1,
    seed: 1,
    fingerprints: zone.fingerprints,
    name: "inspect",
    appendPerS,
  });
  await delay(loadMs);
  const { ok, invoked } = await client.ask({ do: "stop" }, defaultLoad.callTimeoutMs + 5_000);
  return { ok, of: invoked };
}

async function readBack(zone: StartedZone, up: readonly NodeName[]): Promise<void> {
  const stream = zone.plan.contract.streams.facts;
  for (const name of up.toReversed()) {
    const request = { do: "audit", stream, firstOffset: 1, timeoutMs: askTimeoutMs } as const;
    const read = await zone.askNode(name, request, askTimeoutMs + 2_000).catch(() => undefined);
    if (read && read.messages > 0) return;
  }
}
