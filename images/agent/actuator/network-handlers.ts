// The actuator's commands on a node's network.

import type { HandlersOf } from "#protocol/commands.ts";
import type { NetworkCommands } from "#protocol/commands/network.ts";
import { sendAdvert } from "../actions/advert.ts";
import { countCut, healCut, makeCut } from "../actions/cut.ts";
import { FrameForgery } from "../actions/forge-frames.ts";
import { Forgery } from "../actions/forge-vrrp.ts";
import { freshNeighbour } from "../actions/neighbour.ts";
import { setPort } from "../actions/port.ts";
import { tryHandshakes } from "../handshake/start-matrix.ts";
import { emitAttempts } from "../inspect/tcp-attempt.ts";
import { type Capture, startCapture } from "../inspect/capture.ts";
import { withinTimeout } from "../inspect/within-timeout.ts";
import type { Emit } from "../role/outlet.ts";
import { interfaceOf, linkDown, linkUp } from "../namespace/device.ts";

export function networkHandlers(emit: Emit): HandlersOf<keyof NetworkCommands> {
  const captures: Capture[] = [];
  const forgery = new Forgery(emit);
  const frames = new FrameForgery(emit);
  return {
    cut: makeCut,
    "heal-cut": healCut,
    "count-cut": countCut,
    interface: interfaceOf,
    link: ({ pid, address, state }) => (state === "up" ? linkUp(pid, address) : linkDown(pid, address)),
    port: setPort,
    advert: sendAdvert,
    "forge-vrrp": (request) => forgery.start(request),
    "stop-forging": () => forgery.stop(),
    "fresh-neighbour": freshNeighbour,
    "forge-frames": (request) => frames.start(request),
    "stop-frames": async () => frames.stop(),
    attempt: withinTimeout(emitAttempts, emit),
    capture: async (request) => {
      const capture = await startCapture(request, emit);
      captures.push(capture);
      return { device: capture.device };
    },
    "stop-captures": async () => void (await Promise.all(captures.splice(0).map((capture) => capture.stop()))),
    handshakes: (request) => tryHandshakes(request, emit),
  };
}
