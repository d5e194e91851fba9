// The lease on a store that loses answers, with a clock that the test moves.

import { describe, expect, it } from "@jest/globals";
import { Lease, type LeaseStore, type LeaseValue } from "./lease.ts";

const spec = { renewMs: 500, honourMs: 10_000, takeMs: 10_500 };

class LyingStore implements LeaseStore {
  revision = 0;
  value: LeaseValue | undefined;
  /** What happens to the next write: stored and answered, stored and silent, or lost. */
  next: "answer" | "silent" | "lost" = "answer";

  async read() {
    return this.value && { revision: this.revision, value: this.value };
  }

  async write(value: LeaseValue, revision: number) {
    const mode = this.next;
    this.next = "answer";
    if (mode === "lost") throw new Error("timeout");
    if (revision !== this.revision) return undefined;
    this.value = value;
    this.revision++;
    if (mode === "silent") throw new Error("timeout");
    return this.revision;
  }
}

function zone() {
  const store = new LyingStore();
  const clock = { ns: 1e9 };
  const make = (name: string) => new Lease({ name, spec, store, clockNs: () => clock.ns });
  return { store, clock, alpha: make("alpha"), beta: make("beta"), passMs: (ms: number) => (clock.ns += ms * 1e6) };
}

describe("lease", () => {
  it("is taken at once when it was never held", async () => {
    const { alpha, clock } = zone();
    expect(await alpha.take()).toBe(true);
    expect(alpha.untilNs).toBe(clock.ns + 10e9);
  });

  it("is refused to a taker until it saw the same revision longer than the holder may honour it", async () => {
    const { alpha, beta, passMs } = zone();
    await alpha.take();
    expect(await beta.take()).toBe(false);
    passMs(10_400);
    expect(await beta.take()).toBe(false);
    passMs(200);
    expect(await beta.take()).toBe(true);
    expect(await alpha.renew()).toBe(false);
    expect(alpha.untilNs).toBe(0);
  });

  it("makes a taker wait again after each renewal", async () => {
    const { alpha, beta, passMs } = zone();
    await alpha.take();
    await beta.watch();
    passMs(10_000);
    await alpha.renew();
    await beta.watch();
    passMs(10_000);
    expect(await beta.take()).toBe(false);
  });

  it("is honoured from before the send, also when the answer was lost and is found later", async () => {
    const { alpha, store, clock, passMs } = zone();
    await alpha.take();
    passMs(500);
    const sentNs = clock.ns;
    store.next = "silent";
    await expect(alpha.renew()).rejects.toThrow("timeout");
    passMs(1_000);
    expect(await alpha.renew()).toBe(true);
    expect(alpha.untilNs).toBe(sentNs + 10e9);
    passMs(500);
    expect(await alpha.renew()).toBe(true);
  });

  it("keeps its old end when a renewal was lost", async () => {
    const { alpha, store, passMs } = zone();
    await alpha.take();
    const before = alpha.untilNs;
    passMs(500);
    store.next = "lost";
    await expect(alpha.renew()).rejects.toThrow("timeout");
    expect(alpha.untilNs).toBe(before);
  });

  it("is free at once after a release, and the release counts as a sign that the other was active", async () => {
    const { alpha, beta, clock, passMs } = zone();
    await alpha.take();
    await beta.watch();
    passMs(2_000);
    await alpha.release();
    await beta.watch();
    expect(beta.peerActiveNs).toBe(clock.ns);
    expect(await beta.take()).toBe(true);
  });

  it("is left when a release has no answer, and a later release says for how long the node was idle", async () => {
    const { alpha, beta, store, clock, passMs } = zone();
    await alpha.take();
    await beta.watch();
    passMs(2_000);
    const stoppedNs = clock.ns;
    store.next = "lost";
    await expect(alpha.release()).rejects.toThrow("timeout");
    expect(alpha.isLeft).toBe(true);
    passMs(3_000);
    await alpha.release();
    expect(alpha.isLeft).toBe(false);
    passMs(200);
    await beta.watch();
    expect(beta.peerActiveNs).toBe(stoppedNs + 200e6);
    expect(await beta.take()).toBe(true);
  });

  it("is released again when an earlier renewal came in between, or when the answer was lost", async () => {
    const { alpha, beta, store, clock, passMs } = zone();
    await alpha.take();
    await beta.watch();
    passMs(500);
    store.next = "silent";
    await expect(alpha.release()).rejects.toThrow("timeout");
    await alpha.release();
    expect(alpha.isLeft).toBe(false);
    expect(store.value).toMatchObject({ holder: null, idleMs: 0 });
    await beta.take();
    passMs(500);
    await beta.release();
    expect(beta.peerActiveNs).toBeLessThanOrEqual(clock.ns);
    expect(beta.isLeft).toBe(false);
  });

  it("that is taken again is not left", async () => {
    const { alpha, store } = zone();
    await alpha.take();
    store.next = "lost";
    await expect(alpha.release()).rejects.toThrow("timeout");
    await alpha.take();
    expect(alpha.isLeft).toBe(false);
  });

  it("is not released by a node that lost it", async () => {
    const { alpha, beta, store, passMs } = zone();
    await alpha.take();
    await beta.watch();
    passMs(11_000);
    await beta.take();
    await alpha.release();
    expect(store.value?.holder).toBe("beta");
  });

  it("is not restored by an answer that arrives after it was dropped", async () => {
    const { alpha } = zone();
    await alpha.take();
    const renewing = alpha.renew();
    alpha.drop();
    expect(await renewing).toBe(false);
    expect(alpha.isHolder).toBe(false);
  });

  it("does not count the first value seen as a renewal", async () => {
    const { alpha, beta } = zone();
    await alpha.take();
    await beta.watch();
    expect(beta.peerRenewedNs).toBe(Number.NEGATIVE_INFINITY);
    await alpha.renew();
    await beta.watch();
    expect(Number.isFinite(beta.peerRenewedNs)).toBe(true);
  });

  it("counts only an acknowledged write as a proof of quorum, never a read or a refusal", async () => {
    const { alpha, beta, clock, passMs } = zone();
    await alpha.take();
    expect(alpha.wroteNs).toBe(clock.ns);
    await beta.watch();
    expect(beta.provenNs).toBe(clock.ns);
    expect(beta.wroteNs).toBe(Number.NEGATIVE_INFINITY);
    const wroteNs = clock.ns;
    passMs(11_000);
    await beta.take();
    passMs(500);
    expect(await alpha.renew()).toBe(false);
    expect(alpha.wroteNs).toBe(wroteNs);
  });

  it("is taken over at once from this node's own earlier program", async () => {
    const { alpha, store } = zone();
    store.value = { holder: "alpha", epoch: 4, id: "old", by: "alpha" };
    store.revision = 9;
    expect(await alpha.take()).toBe(true);
    expect(store.value?.epoch).toBe(5);
  });
});
