// Which sockets listen on the RPC port in a node's network namespace. A full read of /proc/PID/net/tcp walks the
// namespace's hash of connections: 25 us for a small one of its own (net.ipv4.tcp_child_ehash_entries set before the
// container was made), 1.7 ms for the host's. A change of listeners moves the namespace's count of TCP sockets
// (sockstat, 3 us), unless another socket goes within the same few milliseconds. So the table is read when the count
// has moved; a change then lies after the look before that. It is also read at intervals; a change then lies after the
// last full read.

import { nowNs } from "#base/clock.ts";
import { ProcFile } from "./proc-file.ts";
import { listenEnd, type Listener, listenersIn, stateColumn } from "./tcp-table.ts";

/**
 * Limit between two full reads while the count stands still. Where reads are cheap it is the next look: 0.5% of a core
 * for each node.
 */
const calmNs = 4_000_000;
const v6EveryNs = 100_000_000;
/**
 * Minimum between two full reads, as a multiple of the cost of one. Where reads are expensive: a tenth of a core for
 * each node while the count moves, below one percent while it stands still.
 */
const movedCosts = 10;
const calmCosts = 120;

const countMark = Buffer.from("TCP: inuse");
const orphanMark = Buffer.from(" orphan");

export interface ListeningLook {
  listeners: Listener[];
  /** The earliest moment at which a change, if any, may have happened. */
  sinceNs: number;
}

/** One table. Returns the same list object while the bytes of its listeners are the same. */
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
    this.#file.read((bytes, length) => listenEnd(bytes, length, this.#column) < length);
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
  #count = Buffer.alloc(0);
  #v4: Listener[] = [];
  #v6: Listener[] = [];
  #v4AtNs = 0;
  #v6AtNs = 0;
  #lookedNs = 0;
  /** Start of the look before the count moved; 0 while it stands still. */
  #movedSinceNs = 0;

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

  /** One look. A difference from the previous look happened after `sinceNs`. */
  look(): ListeningLook {
    const startNs = nowNs();
    let sinceNs = startNs;
    if (this.#isDue(startNs)) {
      sinceNs = this.#movedSinceNs || this.#v4AtNs || startNs;
      this.#movedSinceNs = 0;
      this.#v4AtNs = startNs;
      this.#v4 = this.#tcp.read();
    }
    this.#lookedNs = startNs;
    const v6GapNs = Math.max(this.#v6.length > 0 ? calmNs : v6EveryNs, this.#costNs * calmCosts);
    if (startNs - this.#v6AtNs >= v6GapNs) {
      const before = this.#v6;
      this.#v6 = this.#tcp6.read();
      // Only a change of this table may be as old as its last read.
      if (this.#v6 !== before) sinceNs = Math.min(sinceNs, this.#v6AtNs || startNs);
      this.#v6AtNs = startNs;
    }
    return { listeners: this.#v6.length === 0 ? this.#v4 : [...this.#v4, ...this.#v6], sinceNs };
  }

  close(): void {
    for (const file of [this.#tcp, this.#tcp6, this.#sockets]) file.close();
  }

  #isDue(now: number): boolean {
    const age = now - this.#v4AtNs;
    this.#sockets.read();
    const { bytes, length } = this.#sockets;
    const start = bytes.indexOf(countMark);
    const count = bytes.subarray(start, Math.min(length, bytes.indexOf(orphanMark, start)));
    const hasMoved = !count.equals(this.#count);
    if (hasMoved) this.#movedSinceNs ||= this.#lookedNs;
    const isDue = age >= (hasMoved ? this.#costNs * movedCosts : Math.max(calmNs, this.#costNs * calmCosts));
    if (isDue && hasMoved) this.#count = Buffer.from(count);
    return isDue;
  }
}
