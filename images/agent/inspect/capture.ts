// Captures VRRP on one interface of a host until stopped. A second tcpdump counts packets of any kind on the same
// interface: that no VRRP was seen means something only if other packets were.

import { nowNs } from "#base/clock.ts";
import type { CaptureEvent, FlowsEvent, VrrpEvent } from "#history/event.ts";
import type { CaptureRequest } from "#protocol/commands/network.ts";
import { deviceOf } from "../namespace/device.ts";
import { follow, inNet } from "../namespace/programs.ts";
import { type Flow, flowIn } from "./flow-line.ts";
import { advertIn } from "./vrrp-line.ts";

export interface Capture {
  device: string;
  /** Resolves when everything captured has been emitted. */
  stop: () => Promise<void>;
}

/** Without `--immediate-mode` and `-l` the kernel and the pipe each delay lines by up to a second. */
const adverts = ["-n", "-l", "-t", "--immediate-mode"];
const protocol = ["ip", "proto", "112", "or", "ip6", "proto", "112"];
/** Only its last line, the packet count, is used. */
const everything = ["-s", "64", "-w", "/dev/null"];

/** @throws when tcpdump does not start to capture */
export async function startCapture(
  request: CaptureRequest,
  emit: (event: VrrpEvent | CaptureEvent | FlowsEvent) => void,
): Promise<Capture> {
  if (request.segment === "peer") return captureFlows(request, emit);
  const { pid = process.pid, seenBy, segment } = request;
  const device = await deviceOf(pid, request.address);
  const argv = (options: string[], filter: string[]) =>
    inNet(pid, ["tcpdump", ...options, "-Z", "root", "-i", device, ...filter]);
  const witness = follow(argv(everything, []), () => {});
  const watcher = follow(argv(adverts, protocol), (line) => {
    const advert = advertIn(line);
    if (advert) emit({ t: nowNs(), type: "vrrp", seenBy, segment, ...advert });
  });
  await Promise.all([witness, watcher].map((one) => one.said(/listening on/)));
  emit({ t: nowNs(), type: "capture", phase: "began", seenBy, segment });
  const stop = async () => {
    for (const one of [witness, watcher]) one.end();
    const [count] = await Promise.all([witness.ended, watcher.ended]);
    const packets = Number(/(\d+) packets? captured/.exec(count)?.[1] ?? 0);
    emit({ t: nowNs(), type: "capture", phase: "ended", seenBy, segment, packets });
  };
  return { device, stop };
}

/** Limit for flows that are listed. A client uses another port for each connection; further flows count as "others". */
const pairsMax = 1_000;

/** Captures every packet of an interface by its two ends. For a quiet segment: each packet is a line. */
async function captureFlows(
  request: CaptureRequest,
  emit: (event: CaptureEvent | FlowsEvent) => void,
): Promise<Capture> {
  const { pid = process.pid, seenBy, segment } = request;
  const device = await deviceOf(pid, request.address);
  const pairs = new Map<string, Flow & { packets: number }>();
  let packets = 0;
  const watcher = follow(inNet(pid, ["tcpdump", ...adverts, "-q", "-Z", "root", "-i", device]), (line) => {
    const flow = flowIn(line);
    if (!flow) return;
    packets += 1;
    const words = pairs.size < pairsMax ? `${flow.protocol} ${flow.from} ${flow.to}` : "others";
    const known = pairs.get(words) ?? { ...flow, packets: 0 };
    pairs.set(words, { ...known, packets: known.packets + 1 });
  });
  await watcher.said(/listening on/);
  emit({ t: nowNs(), type: "capture", phase: "began", seenBy, segment });
  const stop = async () => {
    watcher.end();
    await watcher.ended;
    emit({ t: nowNs(), type: "flows", seenBy, segment, pairs: [...pairs.values()] });
    emit({ t: nowNs(), type: "capture", phase: "ended", seenBy, segment, packets });
  };
  return { device, stop };
}
