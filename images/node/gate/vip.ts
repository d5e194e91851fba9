// The VIP address on this node: checks it, renews its short kernel lifetime, removes it. keepalived adds it; this file
// never does ("ip addr change" adds a missing address, so a renewal checks first that the address is there).

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { nowNs } from "#base/clock.ts";
import { log } from "../local/log.ts";

/** Longer than `ip` takes to carry out a line on a busy machine. */
const onItsWayNs = 1e9;

export interface VipOptions {
  address: string;
  prefix: number;
  interface: string;
  lifetimeS: number;
  /** The address went away; any program may have removed it. */
  onGone: () => void;
}

export class Vip {
  readonly #options: VipOptions;
  /** One long-lived `ip -batch -`: a renewal a second without a fork. */
  #ip: ChildProcessByStdio<Writable, null, Readable> | undefined;

  #renewedNs = Number.NEGATIVE_INFINITY;

  constructor(options: VipOptions) {
    this.#options = options;
    this.#monitor();
  }

  get isPresent(): boolean {
    return Object.values(networkInterfaces()).some((list) =>
      list?.some((each) => each.address === this.#options.address),
    );
  }

  /** Restarts the lifetime, if the address is there. */
  renew(): void {
    const { address, prefix, interface: dev, lifetimeS } = this.#options;
    if (!this.isPresent) return;
    this.#renewedNs = nowNs();
    this.#say(`addr change ${address}/${prefix} dev ${dev} valid_lft ${lifetimeS} preferred_lft ${lifetimeS}`);
  }

  /** Also when it is gone already: a renewal that `ip` still carries out would add it for a whole lifetime. */
  remove(): void {
    if (!this.isPresent && nowNs() - this.#renewedNs > onItsWayNs) return;
    const { address, prefix, interface: dev } = this.#options;
    this.#say(`addr del ${address}/${prefix} dev ${dev}`);
  }

  #say(line: string): void {
    this.#ip ??= this.#start();
    this.#ip.stdin.write(`${line}\n`);
  }

  #start(): ChildProcessByStdio<Writable, null, Readable> {
    const child = spawn("ip", ["-force", "-batch", "-"], { stdio: ["pipe", "ignore", "pipe"] });
    const forget = () => {
      if (this.#ip === child) this.#ip = undefined;
    };
    child.on("exit", forget);
    child.on("error", forget);
    child.stdin.on("error", forget);
    createInterface({ input: child.stderr }).on("line", (line) => log(`ip: ${line}`));
    return child;
  }

  /** Reports each deletion of the address, even if keepalived adds it again at once. Restarts `ip` when it ends. */
  #monitor(): void {
    const child = spawn("ip", ["-4", "-o", "monitor", "address"], { stdio: ["ignore", "pipe", "ignore"] });
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("Deleted ") && line.includes(` ${this.#options.address}/`)) this.#options.onGone();
    });
    child.on("error", () => {});
    child.on("exit", () => setTimeout(() => this.#monitor(), 500).unref());
  }
}
