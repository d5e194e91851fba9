// Looks at one node from outside, through the /proc of its PID 1. A look is a few reads of open files. It decides
// nothing about roles; it reports the state and when it last changed.

import { readFileSync } from "node:fs";
import { nowNs } from "#base/clock.ts";
import type { ObservedEvent } from "#history/event.ts";
import type { NodeName } from "#spec/node.ts";
import { contract } from "../namespace/contract.ts";
import { hasLocal, leafOf } from "./fib-trie.ts";
import { Freezer } from "./freezer.ts";
import { isHeldByAgent } from "./held-port.ts";
import { Listening } from "./listening.ts";
import { ProcFile } from "./proc-file.ts";
import { parseStat, startedNs, stateIn } from "./proc-stat.ts";
import type { Listener } from "./tcp-table.ts";
import { ownerOf } from "./tree.ts";

export interface NodeObserverOptions {
  node: NodeName;
  pid: number;
  vip: string;
  rpcPort: number;
  bootOffsetNs: number;
}

/** The freezer is read every second look and the role file every 25th: every 10 ms and 125 ms at 5 ms a look. */
const freezerEvery = 2;
const roleEvery = 25;

type Seen = Omit<ObservedEvent, "t" | "type" | "node" | "sinceNs" | "startedNs">;

const gone: Seen = { isAlive: false, ownsVip: false, listens: [], isFrozen: false };

/** The event for a node without a process. */
export function absent(node: NodeName, sinceNs: number): ObservedEvent {
  return { t: nowNs(), type: "observed", node, sinceNs, ...gone };
}

export class NodeObserver {
  readonly #options: NodeObserverOptions;
  readonly #leaf: Buffer;
  #stat: ProcFile;
  #trie: ProcFile | undefined;
  #listening: Listening | undefined;
  #freezer: Freezer | undefined;
  #looks = 0;
  #lookedNs = nowNs();
  #frozenAtNs = this.#lookedNs;
  #roleAtNs = this.#lookedNs;
  #isRoleDue = false;
  #seen: Seen = { ...gone, isAlive: true };
  #listeners: Listener[] = [];
  /** Those that belong to the node. */
  #own: Listener[] = [];
  #isEmitted = false;
  /** Part of the first event only. */
  #startedNs: number | undefined;

  /** @throws when the process does not exist. */
  constructor(options: NodeObserverOptions) {
    this.#options = options;
    this.#leaf = leafOf(options.vip);
    this.#stat = new ProcFile(`/proc/${options.pid}/stat`, 2048);
    try {
      this.#stat.read();
      this.#startedNs = startedNs(parseStat(this.#stat.text()).startTicks, options.bootOffsetNs);
      this.#trie = new ProcFile(`/proc/${options.pid}/net/fib_trie`);
      this.#listening = new Listening(options.pid, options.rpcPort);
      this.#freezer = new Freezer(options.pid);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get pid(): number {
    return this.#options.pid;
  }

  get isAlive(): boolean {
    return this.#seen.isAlive;
  }

  /** Start of the last look, CLOCK_MONOTONIC ns. */
  get lookedNs(): number {
    return this.#lookedNs;
  }

  /** One look. Returns an event on the first look, and when anything differs from the last event. */
  look(): ObservedEvent | undefined {
    if (!this.#seen.isAlive) return undefined;
    const startNs = nowNs();
    const before = this.#seen;
    let sinceNs = this.#lookedNs;
    const look = this.#isGone() ? { seen: gone, sinceNs } : this.#read(startNs);
    this.#lookedNs = startNs;
    this.#looks += 1;
    this.#seen = look.seen;
    if (!look.seen.isAlive) this.close();
    if (this.#isEmitted && look.seen === before) return undefined;
    sinceNs = Math.min(sinceNs, look.sinceNs);
    const { node } = this.#options;
    const t = nowNs();
    if (look.seen.listens.length > 0 && look.seen.listens !== before.listens) this.#findController();
    this.#isEmitted = true;
    const since = this.#startedNs === undefined ? {} : { startedNs: this.#startedNs };
    this.#startedNs = undefined;
    return { t, type: "observed", node, sinceNs, ...this.#seen, ...since };
  }

  /** Makes the next look return an event in any case. */
  repeatNext(): void {
    this.#isEmitted = false;
  }

  close(): void {
    this.#stat.close();
    this.#trie?.close();
    this.#listening?.close();
    this.#freezer?.close();
  }

  #isGone(): boolean {
    try {
      this.#stat.read();
    } catch {
      return true;
    }
    const state = stateIn(this.#stat.bytes, this.#stat.length);
    return state === "Z" || state === "X" || state === "";
  }

  /** Reads what is due. Returns the same object as before when nothing differs. */
  #read(startNs: number): { seen: Seen; sinceNs: number } {
    const before = this.#seen;
    let seen = before;
    let sinceNs = this.#lookedNs;
    try {
      const ownsVip = this.#ownsVip();
      if (ownsVip !== before.ownsVip) seen = { ...seen, ownsVip };
      const look = this.#listening!.look();
      if (!isSame(look.listeners, this.#listeners)) {
        this.#listeners = look.listeners;
        seen = this.#withListeners(seen, look.listeners);
        sinceNs = Math.min(sinceNs, look.sinceNs);
      }
      if (this.#looks % freezerEvery === 0) {
        const isFrozen = this.#freezer!.isFrozen();
        if (isFrozen !== before.isFrozen) {
          seen = { ...seen, isFrozen };
          sinceNs = Math.min(sinceNs, this.#frozenAtNs);
        }
        this.#frozenAtNs = startNs;
      }
    } catch {
      // The namespace or the cgroup went between two reads: the process is ending.
      return { seen: this.#isGone() ? gone : seen, sinceNs };
    }
    this.#isRoleDue ||= this.#looks % roleEvery === 0;
    // Reported separately: the time since the last read of the role must not widen the window of other changes.
    if (this.#isRoleDue && seen === before) {
      this.#isRoleDue = false;
      const role = this.#role();
      if (role !== before.role) {
        seen = withRole(seen, role);
        sinceNs = Math.min(sinceNs, this.#roleAtNs);
      }
      this.#roleAtNs = startNs;
    }
    return { seen, sinceNs };
  }

  /** Separates ports that the actuator holds: their listeners are not the node's. */
  #withListeners(seen: Seen, listeners: Listener[]): Seen {
    const { controller: _, held: __, ...rest } = seen;
    const { pid } = this.#options;
    const held = listeners.filter((one) => isHeldByAgent(pid, one.inode));
    this.#own = listeners.filter((one) => !held.includes(one));
    const listens = this.#own.map((one) => one.endpoint);
    return { ...rest, listens, ...(held.length > 0 ? { held: held.map((one) => one.endpoint) } : {}) };
  }

  #ownsVip(): boolean {
    this.#trie!.read();
    return hasLocal(this.#trie!.bytes, this.#trie!.length, this.#leaf);
  }

  #role(): string | undefined {
    const { roleFile } = contract;
    if (roleFile === null) return undefined;
    try {
      const word = readFileSync(`/proc/${this.#options.pid}/root${roleFile}`, "utf8").trim();
      return word === "" ? undefined : word;
    } catch {
      return undefined;
    }
  }

  #findController(): void {
    const pid = ownerOf(this.#own[0]!.inode, this.#options.pid);
    if (pid === undefined) return;
    try {
      const { startTicks } = parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
      const controller = { pid, startedNs: startedNs(startTicks, this.#options.bootOffsetNs) };
      this.#seen = { ...this.#seen, controller };
    } catch {
      // It has ended. The next look reports that.
    }
  }
}

function withRole(seen: Seen, role: string | undefined): Seen {
  const { role: _, ...rest } = seen;
  return role === undefined ? rest : { ...rest, role };
}

function isSame(left: Listener[], right: Listener[]): boolean {
  return (
    left === right ||
    (left.length === right.length &&
      left.every((one, index) => one.inode === right[index]!.inode && one.endpoint === right[index]!.endpoint))
  );
}
