// One beat in each reach interval: an operation on the lease (renew, take or watch), then a round of reach probes. A
// write that was acknowledged at once proves the quorum and spares the probes. So the active node of a healthy zone
// sends no probe, and an isolated node knows within about 1.6 s. A read proves no quorum: a leader answers reads for
// seconds after it was cut off, so a node that leads the lease's stream would count itself as a quorum.

import { delay, nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import { log } from "../local/log.ts";
import type { Promoter } from "./promoter.ts";
import type { Lease } from "./lease.ts";
import type { Reach } from "./reach.ts";

/** The stream's leader answers in 1 to 5 ms. After this time the other servers are probed too. */
const promptMs = 60;

export class QuorumBeat {
  readonly #parts: { spec: ZoneSpec; lease: Lease; reach: Reach; promoter: Promoter };
  #isOpen = false;
  #isAsking = false;
  #askedNs = 0;
  #trouble = "";

  constructor(parts: { spec: ZoneSpec; lease: Lease; reach: Reach; promoter: Promoter }) {
    this.#parts = parts;
  }

  /** The streams exist: operations may start. */
  open(): void {
    this.#isOpen = true;
  }

  beat(): void {
    void this.#round();
  }

  async #round(): Promise<void> {
    const { lease, reach, promoter, spec } = this.#parts;
    const startNs = nowNs();
    if (this.#isOpen && startNs - this.#askedNs >= (spec.lease.renewMs - 50) * 1e6) void this.#ask(lease);
    await delay(promptMs);
    // A renewal period longer than a beat leaves beats without an operation; those are probed.
    if (lease.wroteNs >= startNs) reach.prove();
    else await reach.round();
    promoter.tick();
  }

  async #ask(lease: Lease): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#askedNs = nowNs();
    try {
      await this.#operate(lease);
      this.#report("");
    } catch (thrown) {
      this.#report(messageOf(thrown));
    } finally {
      this.#isAsking = false;
    }
  }

  async #operate(lease: Lease): Promise<void> {
    const { promoter } = this.#parts;
    if (lease.isHolder) return promoter.leaseChanged(await lease.renew());
    if (!promoter.wantsLease) return lease.isLeft ? lease.release() : lease.watch();
    // A promotion may have ended before the answer came: a node that does not act must not hold the lease.
    if ((await lease.take()) && !promoter.wantsLease) await lease.release();
  }

  #report(trouble: string): void {
    if (trouble !== this.#trouble) log(trouble === "" ? "the lease answers again" : `lease: ${trouble}`);
    this.#trouble = trouble;
  }
}
