// Sends forged VRRP adverts from the client host's own namespace, and captures them on the nodes' interfaces. socat
// sends the raw packets, because Node opens no raw socket.

import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Writable } from "node:stream";
import { delay, nowNs } from "#base/clock.ts";
import type { VrrpEvent } from "#history/event.ts";
import type { ForgedTally, ForgeVrrpRequest } from "#protocol/commands/network.ts";
import { deviceOf } from "../namespace/device.ts";
import { type Followed, follow, inNet, must, run } from "../namespace/programs.ts";
import { advertBytes } from "./vrrp-packet.ts";
import { advertIn } from "../inspect/vrrp-line.ts";

/** Faster than the real adverts: a node must believe each before the active node's own advert contradicts it. */
const gapMs = 200;
const pollMs = 50;
/** As VRRP requires. keepalived drops adverts that came through a router. */
const timeToLive = 255;

interface Running {
  senders: ChildProcessByStdio<Writable, null, null>[];
  witnesses: Followed[];
  timer: NodeJS.Timeout;
  tally: ForgedTally;
  routed: string[];
}

export class Forgery {
  readonly #emit: (event: VrrpEvent) => void;
  #running: Running | undefined;

  constructor(emit: (event: VrrpEvent) => void) {
    this.#emit = emit;
  }

  /** @throws when a node saw no advert within `proofMs` */
  async start(request: ForgeVrrpRequest): Promise<ForgedTally> {
    if (this.#running) throw new Error("adverts are already being forged");
    const tally: ForgedTally = { sent: 0, arrived: {} };
    const witnesses = await Promise.all(request.witnesses.map((one) => this.#witness(request.source, one, tally)));
    const device = await deviceOf(process.pid, request.source);
    for (const address of request.routed) await must(["ip", "route", "replace", `${address}/32`, "dev", device]);
    const senders = [...request.destinations, ...request.routed].map((destination) =>
      senderTo(destination, request.source),
    );
    const bytes = advertBytes(request);
    const timer = setInterval(() => {
      for (const { stdin } of senders) tally.sent += stdin.write(bytes) ? 1 : 0;
    }, gapMs);
    this.#running = { senders, witnesses, timer, tally, routed: request.routed };
    const untilNs = nowNs() + request.proofMs * 1e6;
    const isLacking = () => request.witnesses.filter(({ node }) => (tally.arrived[node] ?? 0) < 1);
    while (isLacking().length > 0 && nowNs() < untilNs) await delay(pollMs);
    if (isLacking().length > 0) {
      await this.stop();
      throw new Error(
        `${tally.sent} adverts were sent and ${isLacking()
          .map((one) => one.node)
          .join(", ")} saw none`,
      );
    }
    return tally;
  }

  /** Idempotent. */
  async stop(): Promise<ForgedTally> {
    const running = this.#running;
    this.#running = undefined;
    if (!running) return { sent: 0, arrived: {} };
    clearInterval(running.timer);
    for (const sender of running.senders) sender.kill("SIGKILL");
    for (const witness of running.witnesses) witness.stop();
    for (const address of running.routed) await run(["ip", "route", "delete", `${address}/32`]);
    return running.tally;
  }

  /** Emits what arrives on a node's interface, as a capture does. */
  async #witness(source: string, at: ForgeVrrpRequest["witnesses"][number], tally: ForgedTally) {
    const { node, pid, address } = at;
    const filter = ["ip", "proto", "112", "and", "src", "host", source];
    const device = await deviceOf(pid, address);
    const argv = ["tcpdump", "-n", "-l", "-t", "--immediate-mode", "-Z", "root", "-Q", "in", "-i", device, ...filter];
    const witness = follow(inNet(pid, argv), (line) => {
      const advert = advertIn(line);
      if (!advert) return;
      tally.arrived[node] = (tally.arrived[node] ?? 0) + 1;
      this.#emit({ t: nowNs(), type: "vrrp", seenBy: node, segment: "zone", ...advert });
    });
    await witness.said(/listening on/);
    return witness;
  }
}

/** Each write to its stdin becomes one packet of IP protocol 112. */
function senderTo(destination: string, source: string): ChildProcessByStdio<Writable, null, null> {
  const options = `bind=${source},ttl=${timeToLive},ip-multicast-ttl=${timeToLive},ip-multicast-if=${source}`;
  const child = spawn("socat", ["-u", "STDIN", `IP4-SENDTO:${destination}:112,${options}`], {
    stdio: ["pipe", "ignore", "inherit"],
  }) as unknown as ChildProcessByStdio<Writable, null, null>;
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  return child;
}
