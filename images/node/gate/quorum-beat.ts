// One beat each reach interval: an operation on the lease (renew, take or watch), and unless it was a write that was
// acknowledged at once, a round of reach probes. A read is no proof: the leader of a stream answers reads for seconds after
// it was cut off, and then a node that leads the lease's stream would take its own word for a quorum. So the active
// node of a healthy zone sends no probe, and an isolated node knows within about 1.6 s.

import { delay, nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { ZoneSpec } from "#spec/zone-spec.ts";
import { log } from "../local/log.ts";
import type { Judge } from "./judge.ts";
import type { Lease } from "./lease.ts";
import type { Reach } from "./reach.ts";

/** An answer of the stream's leader takes 1 to 5 ms; beyond this somebody else is asked too. */
const promptMs = 60;

export class QuorumBeat {
  readonly #parts: { spec: ZoneSpec; lease: Lease | undefined; reach: Reach; judge: Judge };
  #isOpen = false;
  #isAsking = false;
  #askedNs = 0;
  #trouble = "";

  constructor(parts: { spec: ZoneSpec; lease: Lease | undefined; reach: Reach; judge: Judge }) {
    this.#parts = parts;
  }

  /** The streams are there: operations may start. */
  open(): void {
    this.#isOpen = true;
  }

  beat(): void {
    void this.#round();
  }

  async #round(): Promise<void> {
    const { lease, reach, judge, spec } = this.#parts;
    const startNs = nowNs();
    if (lease !== undefined && this.#isOpen && startNs - this.#askedNs >= (spec.lease.renewMs - 50) * 1e6)
      void this.#ask(lease);
    if (lease !== undefined) await delay(promptMs);
    // A renewal period longer than a beat leaves beats without an operation; those are probed.
    const isProven = lease !== undefined && lease.wroteNs >= startNs && reach.prove();
    if (!isProven) await reach.round();
    judge.tick();
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
    const { judge } = this.#parts;
    if (lease.isHolder) return judge.leaseChanged(await lease.renew());
    if (!judge.wantsLease) return lease.watch();
    // A promotion that ended while the answer was out must not leave this node as a holder that does not act.
    if ((await lease.take()) && !judge.wantsLease) await lease.release();
  }

  #report(trouble: string): void {
    if (trouble !== this.#trouble) log(trouble === "" ? "the lease answers again" : `lease: ${trouble}`);
    this.#trouble = trouble;
  }
}
