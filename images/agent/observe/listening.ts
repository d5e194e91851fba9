// Who listens on the RPC port in a node's network namespace. A full read of /proc/PID/net/tcp walks the namespace's
// whole hash of connections: 25 us where it has its own small one (net.ipv4.tcp_child_ehash_entries set before the
// container was made), 1.7 ms where it shares the host's. So the full read is done each look where it is cheap;
// elsewhere when the count of TCP sockets (sockstat, 3 us) moved, and now and then in any case.

import { nowNs } from "#base/clock.ts";
import { ProcFile } from "./proc-file.ts";
import { listenEnd, type Listener, listenersIn, stateColumn } from "./tcp-table.ts";

const cheapNs = 200_000;
/** Where reads are dear: at most a tenth of a core a node while sockets come and go, under one percent otherwise. */
const movedCosts = 10;
const calmCosts = 120;
const v6EveryNs = 100_000_000;

export interface ListeningLook {
  listeners: Listener[];
  /** When the former full read of what changed began. */
  sinceNs: number;
}

/** One table; gives the very list given before while the lines of its listeners are the same bytes. */
class Table {
  readonly #file: ProcFile;
  readonly #port: number;
  readonly #column: number;
  #lines = Buffer.alloc(0);
  #found: Listener[] = [];

  constructor(path: string, port: number, column: number) {
    this.#file = new ProcFile(path);
    this.#port = port;
    this.#column = column;
  }

  read(): Listener[] {
    this.#file.read();
    const { bytes, length } = this.#file;
    const lines = bytes.subarray(0, listenEnd(bytes, length, this.#column));
    if (lines.equals(this.#lines)) return this.#found;
    this.#lines = Buffer.from(lines);
    this.#found = listenersIn(lines.toString("latin1"), this.#port);
    return this.#found;
  }

  close(): void {
    this.#file.close();
  }
}

export class Listening {
  readonly #tcp: Table;
  readonly #tcp6: Table;
  readonly #sockets: ProcFile;
  #costNs = Number.POSITIVE_INFINITY;
  #count = "";
  #v4: Listener[] = [];
  #v6: Listener[] = [];
  #v4AtNs = 0;
  #v6AtNs = 0;

  constructor(pid: number, port: number) {
    this.#tcp = new Table(`/proc/${pid}/net/tcp`, port, stateColumn.v4);
    this.#tcp6 = new Table(`/proc/${pid}/net/tcp6`, port, stateColumn.v6);
    this.#sockets = new ProcFile(`/proc/${pid}/net/sockstat`, 1024);
    for (let round = 0; round < 3; round += 1) {
      const startNs = nowNs();
      this.#tcp.read();
      this.#costNs = Math.min(this.#costNs, nowNs() - startNs);
    }
  }

  get isCheap(): boolean {
    return this.#costNs < cheapNs;
  }

  /** Looks; `sinceNs` bounds from below when a difference from the last look came about. */
  look(): ListeningLook {
    const startNs = nowNs();
    let sinceNs = startNs;
    if (this.#isDue(startNs)) {
      sinceNs = this.#v4AtNs || startNs;
      this.#v4AtNs = startNs;
      this.#v4 = this.#tcp.read();
    }
    const v6GapNs = this.#v6.length > 0 && this.isCheap ? 0 : Math.max(v6EveryNs, this.#costNs * calmCosts);
    if (startNs - this.#v6AtNs >= v6GapNs) {
      sinceNs = Math.min(sinceNs, this.#v6AtNs || startNs);
      this.#v6AtNs = startNs;
      this.#v6 = this.#tcp6.read();
    }
    return { listeners: this.#v6.length === 0 ? this.#v4 : [...this.#v4, ...this.#v6], sinceNs };
  }

  close(): void {
    for (const file of [this.#tcp, this.#tcp6, this.#sockets]) file.close();
  }

  #isDue(now: number): boolean {
    if (this.isCheap) return true;
    const age = now - this.#v4AtNs;
    this.#sockets.read();
    const text = this.#sockets.text();
    const count = text.slice(text.indexOf("TCP: inuse"), text.indexOf(" orphan"));
    const isDue = age >= this.#costNs * (count === this.#count ? calmCosts : movedCosts);
    if (isDue) this.#count = count;
    return isDue;
  }
}
