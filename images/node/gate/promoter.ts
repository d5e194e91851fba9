// Decides when this node becomes active and when it stops. Phases: standby, promoting, active, demoting. Every action
// has a bound, and every way out of active goes through `demote`.

import { writeFileSync } from "node:fs";
import { delay, nowNs } from "#base/clock.ts";
import { messageOf } from "#base/errors.ts";
import type { NodeFile } from "#topology/render-node.ts";
import { readWord, removeFile, replaceFile, uptime } from "../local/files.ts";
import { log } from "../local/log.ts";
import { paths } from "../local/paths.ts";
import type { AdvertWatch } from "./advert-watch.ts";
import type { Eligibility } from "./eligibility.ts";
import type { Gates } from "./gates.ts";
import type { Lease } from "./lease.ts";
import type { PeerBeat } from "./peer-beat.ts";
import { startController, stopController } from "./supervise.ts";
import type { Vip } from "./vip.ts";

type Phase = "standby" | "promoting" | "active" | "demoting";

/** A node that was active leaves the VIP alone this long, so that the other one surely gets it. */
const coolNs = 3e9;
const keepalivedSilentNs = 3e9;
const vipRenewNs = 0.9e9;
const signNs = 0.45e9;
/** Between two looks at keepalived's statistics. */
const lookNs = 0.45e9;
/** A failed bind is reported at once. This bounds a start on a busy machine, which took up to 4 s. */
const bindWaitMs = 8_000;
const leaveMasterWaitMs = 5_000;

export interface PromoterParts {
  node: NodeFile;
  gates: Gates;
  eligibility: Eligibility;
  vip: Vip;
  peer: PeerBeat;
  adverts: AdvertWatch;
  lease: Lease;
}

export class Promoter {
  readonly #parts: PromoterParts;
  #phase: Phase = "standby";
  #isServing = false;
  #isStopping = false;
  #coolUntilNs = 0;
  #vipRenewedNs = 0;
  #signedNs = 0;
  #lookedNs = 0;
  #beat = Number(uptime());
  #verdict = "";
  #whyNot = "starting";
  #leaving: Promise<void> | undefined;

  constructor(parts: PromoterParts) {
    this.#parts = parts;
  }

  /** Take the lease now, instead of watching it. */
  get wantsLease(): boolean {
    return this.#phase === "promoting";
  }

  /** The state of a fresh start: nothing that an earlier gate program started still acts. */
  async reset(): Promise<void> {
    replaceFile(paths.lease, "0");
    this.#setVerdict("starting");
    this.#parts.vip.remove();
    await stopController();
  }

  /** Reads every gate and acts. Cheap: called four times a second and at every event. */
  tick(): void {
    const { gates, eligibility, lease, peer, node, adverts } = this.#parts;
    const atNs = nowNs();
    const role = this.#role();
    if (atNs - this.#lookedNs > lookNs) {
      this.#lookedNs = atNs;
      adverts.look(atNs, role);
    }
    const all = gates.all();
    const isBusy = this.#phase === "promoting" || this.#phase === "active";
    const situation = {
      nowNs: atNs,
      gates: all,
      role,
      isActive: isBusy,
      peer: { heardNs: peer.heardNs, role: peer.last?.role ?? "", isOpen: peer.last?.isOpen ?? false },
      advertNs: adverts.heardNs,
      peerRenewedNs: lease.peerRenewedNs,
      coolUntilNs: this.#coolUntilNs,
    };
    const whyNot = this.#isStopping
      ? "stopping"
      : this.#phase === "demoting"
        ? "demoting"
        : eligibility.whyNot(situation);
    const isVipOpen = all[0]?.isOpen === true;
    if (isBusy) this.#watchActive({ role, whyNot, isVipOpen, atNs });
    else if (this.#phase === "standby" && role === "MASTER" && whyNot === "" && isVipOpen) void this.#promote();
    // A demotion just begun has closed the verdict itself.
    this.#setVerdict((this.#phase as Phase) === "demoting" ? "demoting" : whyNot);
    if (role === "MASTER" && this.#phase !== "demoting" && whyNot === "") this.#renewVip(atNs);
    this.#sign(atNs, { node: node.name, isActive: this.#isServing && this.#mayAct(atNs), gates: all });
  }

  /** The heartbeat's content. */
  get beat(): { node: string; role: string; isOpen: boolean } {
    return { node: this.#parts.node.name, role: this.#role(), isOpen: this.#verdict === "0" };
  }

  /** The lease was renewed (or found lost): let the controller know at once. */
  leaseChanged(isHeld: boolean): void {
    if (this.#phase !== "active") return;
    if (isHeld) this.#writeLease();
    else this.demote("the lease is lost");
  }

  /** The VIP was deleted, by any program, even if it is back already. */
  vipGone(): void {
    if (this.#phase === "promoting" || this.#phase === "active") this.demote("the VIP was removed");
  }

  /** The orderly end: demotes, then resolves. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#setVerdict("stopping");
    if (this.#phase !== "demoting") this.#leaving = this.#leave("stopping");
    await this.#leaving;
  }

  demote(reason: string, cooldownNs: number = coolNs): void {
    if (this.#phase !== "promoting" && this.#phase !== "active") return;
    this.#coolUntilNs = nowNs() + cooldownNs;
    this.#leaving = this.#leave(reason);
  }

  /** The state that keepalived reported last, or SILENT when keepalived has given no sign of life for too long. */
  #role(): string {
    const role = readWord(paths.role) ?? "INIT";
    if (role !== "MASTER") return role;
    // The script writes in place: an empty file is a write in progress.
    this.#beat = Number(readWord(paths.beat)) || this.#beat;
    return Number(uptime()) - this.#beat > keepalivedSilentNs / 1e7 ? "SILENT" : role;
  }

  #watchActive(seen: { role: string; whyNot: string; isVipOpen: boolean; atNs: number }): void {
    if (seen.role !== "MASTER") return this.demote(`role ${seen.role}`);
    if (seen.whyNot !== "") return this.demote(seen.whyNot);
    if (!seen.isVipOpen) return this.demote("the VIP is not here");
    if (this.#phase !== "active") return;
    if (!this.#mayAct(seen.atNs)) return this.demote("the lease ran out");
    // Before it serves, `#start` waits for it and tells a failed bind from any other exit.
    if (this.#isServing && readWord(paths.rpcExit) !== undefined)
      this.demote(`the controller ended (${readWord(paths.rpcExit)})`);
  }

  #mayAct(atNs: number): boolean {
    return atNs < this.#parts.lease.untilNs;
  }

  async #promote(): Promise<void> {
    this.#phase = "promoting";
    log("promoting: MASTER and all local gates open");
    const { lease, node } = this.#parts;
    // Bounded by `demote`, which every closed gate calls, and by the other node's lease, which runs out.
    while (this.#isPromoting() && !lease.isHolder) await delay(25);
    if (this.#isPromoting()) log("holds the lease");
    const startNs = lease.peerActiveNs + node.spec.holdDownMs * 1e6;
    while (this.#isPromoting() && nowNs() < startNs) await delay(25);
    if (this.#isPromoting()) await this.#start();
  }

  #isPromoting(): boolean {
    return this.#phase === "promoting";
  }

  async #start(): Promise<void> {
    for (const path of [paths.rpcExit, paths.bind]) removeFile(path);
    this.#phase = "active";
    this.#signedNs = 0;
    this.#writeLease();
    this.tick();
    if (this.#phase !== "active") return;
    await startController();
    const untilNs = nowNs() + bindWaitMs * 1e6;
    while (this.#phase === "active" && nowNs() < untilNs) {
      const exit = readWord(paths.rpcExit);
      const bind = readWord(paths.bind) ?? (exit && `failed: it ended (${exit})`);
      if (bind === "bound") return this.#serve();
      if (bind !== undefined) return this.#failBind(bind);
      await delay(20);
    }
    if (this.#phase === "active") this.#failBind(`no answer in ${bindWaitMs} ms`);
  }

  #serve(): void {
    this.#isServing = true;
    this.#signedNs = 0;
    log("active");
    this.tick();
  }

  #failBind(why: string): void {
    log(`ALARM: the controller cannot bind: ${why}; giving the VIP up`);
    this.#parts.gates.bindFailed(why);
    this.demote(`bind ${why}`, 10e9);
  }

  /** Leaves the active role: first nothing here may act, then nothing does, then the other node may. */
  async #leave(reason: string): Promise<void> {
    const { lease, vip } = this.#parts;
    const wasHolder = lease.isHolder;
    this.#phase = "demoting";
    this.#isServing = false;
    replaceFile(paths.lease, "0");
    lease.drop();
    this.#setVerdict(`demoting: ${reason}`);
    vip.remove();
    const isDown = await stopController();
    if (!isDown) log("ALARM: the controller is not certainly down; the lease is left to run out");
    if (wasHolder && isDown)
      await lease.release().catch((thrown) => log(`the lease could not be released: ${messageOf(thrown)}`));
    const untilNs = nowNs() + leaveMasterWaitMs * 1e6;
    while (!this.#isStopping && this.#role() === "MASTER" && nowNs() < untilNs) {
      await delay(50);
      vip.remove();
    }
    this.#phase = "standby";
    log("standby");
  }

  #writeLease(): void {
    replaceFile(paths.lease, String(Math.floor(this.#parts.lease.untilNs)));
  }

  #renewVip(atNs: number): void {
    if (atNs - this.#vipRenewedNs < vipRenewNs) return;
    this.#parts.vip.renew();
    this.#vipRenewedNs = atNs;
  }

  #setVerdict(whyNot: string): void {
    const verdict = whyNot === "" ? "0" : "1";
    if (whyNot !== this.#whyNot) log(whyNot === "" ? "may claim the VIP" : `may not claim the VIP: ${whyNot}`);
    this.#whyNot = whyNot;
    if (verdict === this.#verdict) return;
    this.#verdict = verdict;
    // In place, not by rename: keepalived watches the file itself.
    writeFileSync(paths.verdict, verdict);
    this.#signedNs = 0;
  }

  #sign(atNs: number, health: { node: string; isActive: boolean; gates: unknown }): void {
    if (atNs - this.#signedNs < signNs) return;
    this.#signedNs = atNs;
    replaceFile(paths.track, `${uptime()}\n`); // dash reads whole lines only
    replaceFile(paths.gates, `${JSON.stringify({ ...health, atNs })}\n`);
  }
}
