// The heartbeat between the two gate programs on the control segment, four a second over UDP. It decides nothing by
// itself: it tells a dead peer from a cut control segment, and a cold start prefers the node of higher priority by it.

import { type Socket, createSocket } from "node:dgram";
import { nowNs } from "#base/clock.ts";
import { log } from "../local/log.ts";

export interface Beat {
  node: string;
  role: string;
  /** Whether it may claim the VIP. */
  isOpen: boolean;
}

export class PeerBeat {
  readonly #options: { own: string; peer: string; port: number };
  #socket: Socket | undefined;
  /** When the last beat arrived; -Infinity: never. */
  heardNs = Number.NEGATIVE_INFINITY;
  last: Beat | undefined;

  constructor(options: { own: string; peer: string; port: number }) {
    this.#options = options;
    this.#open();
  }

  send(beat: Beat): void {
    // On a cut or downed segment sending fails. The peer then sees silence, which is the information it needs.
    this.#socket?.send(JSON.stringify(beat), this.#options.port, this.#options.peer, () => {});
  }

  #open(): void {
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    socket.on("message", (data, from) => {
      if (from.address !== this.#options.peer) return;
      try {
        this.last = JSON.parse(data.toString("utf8")) as Beat;
        this.heardNs = nowNs();
      } catch {
        log("a heartbeat that is no JSON");
      }
    });
    socket.on("error", (error) => {
      log(`heartbeat socket: ${error.message}`);
      this.#socket = undefined;
      socket.close();
      setTimeout(() => this.#open(), 500).unref();
    });
    socket.bind(this.#options.port, this.#options.own, () => (this.#socket = socket));
  }
}
