// Follows VRRP adverts on one interface of a node, until stopped.

import { nowNs } from "#base/clock.ts";
import type { VrrpEvent } from "#history/event.ts";
import type { CaptureRequest } from "#wire/message.ts";
import { deviceOf } from "./device.ts";
import { follow, inNet } from "./inside.ts";
import { advertIn } from "./vrrp-line.ts";

export interface Capture {
  device: string;
  stop: () => void;
  ended: Promise<string>;
}

/** `--immediate-mode` and `-l`: otherwise the kernel and the pipe each hold lines back for up to a second. */
export async function startCapture(request: CaptureRequest, emit: (event: VrrpEvent) => void): Promise<Capture> {
  const { pid, node, segment } = request;
  const device = await deviceOf(pid, request.address);
  const argv = ["tcpdump", "-n", "-l", "-t", "--immediate-mode", "-Z", "root", "-i", device, "ip", "proto", "112"];
  const { stop, ended } = follow(inNet(pid, argv), (line) => {
    const advert = advertIn(line);
    if (advert) emit({ t: nowNs(), type: "vrrp", seenBy: node, segment, ...advert });
  });
  return { device, stop, ended };
}
