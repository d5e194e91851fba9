// The steps of a scenario, one by one. A step that waits for the zone writes down what it saw when the zone does not
// get there; only trouble of the harness throws.

import { delay, nowNs } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import type { Injector } from "#faults/injector.ts";
import type { Awaited, HistoryEvent } from "#history/event.ts";
import { isServiceNode, type NodeName, nodeNames } from "#spec/node.ts";
import type { Step } from "#spec/scenario.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { LiveHistory } from "./live-history.ts";
import { type HandBack, whileBetaIsOut } from "./hand-back.ts";
import type { StepContext } from "./step-context.ts";
import { awaitCopy, callArtifact, listArtifacts, referArtifact, searchFor } from "./steps/artifact.ts";
import { attempt } from "./steps/attempt.ts";
import { beginCapture, endCapture } from "./steps/capture.ts";
import { startByHand, tryBind } from "./steps/by-hand.ts";
import { inspection } from "./steps/node-snapshot.ts";
import { tryHandshakes } from "./steps/handshakes.ts";
import { renewCertificate } from "./steps/renew-certificate.ts";
import { awaitMonitors } from "./steps/await-monitors.ts";
import { isStoreStep, takeStoreStep } from "./steps/stores.ts";

const askTimeoutMs = 3_000;
const auditTimeoutMs = 20_000;
const lookMs = 250;
const lastWordDeadlineMs = 10_000;
const handBackDeadlineMs = 30_000;
const factStream = "facts_operational";
/** A backlog of a minute's load, and a peer that was just lost. */
const exchangeDeadlineMs = 45_000;
/** Ten times the pause between two pages. */
const exchangeLookMs = 1_000;

export class StepRunner {
  readonly #site: StepContext;
  readonly #zone: StartedZone;
  readonly #feed: LiveHistory;
  readonly #injector: Injector;
  readonly #signal: AbortSignal;
  readonly #peer: StepRunner | undefined;

  /** @param peer takes the steps that are for the peer zone. */
  constructor(site: StepContext, peer?: StepRunner) {
    this.#site = site;
    this.#peer = peer;
    this.#zone = site.zone;
    this.#feed = site.feed;
    this.#injector = site.injector;
    this.#signal = site.signal;
  }

  async take(step: Step): Promise<void> {
    if (isStoreStep(step)) return takeStoreStep(this.#site, step);
    switch (step.step) {
      case "provoke":
        return this.#provoke(step);
      case "await-answer":
        return this.#awaitAnswer(step);
      case "hold":
        await delay(step.ms, this.#signal);
        return this.#feed.mark("held", { ms: step.ms });
      case "probe-quorum":
        await this.#zone.askNode(step.node, { do: "quorum", timeoutMs: askTimeoutMs });
        return;
      case "read-back":
        return this.#readBack();
      case "read-gates":
        return this.#readGates(step.node);
      case "inspect":
        return inspection(this.#site, step.nodes);
      case "capture":
        return beginCapture(this.#site, step.at);
      case "end-capture":
        return endCapture(this.#site);
      case "attempt":
        return attempt(this.#site, step);
      case "put-artifact":
      case "get-artifact":
        return callArtifact(this.#site, step);
      case "files":
        return listArtifacts(this.#site, step.nodes);
      case "search":
        return searchFor(this.#site, step.name);
      case "start-by-hand":
        return startByHand(this.#site, step);
      case "try-bind":
        return tryBind(this.#site, step.node);
      case "await-vip":
        return this.#awaitVip(step);
      case "handshakes":
        return tryHandshakes(this.#site, step.rows);
      case "renew-certificate":
        return renewCertificate(this.#site, step.node);
      case "await-monitors":
        return awaitMonitors(this.#site, step);
      case "repair":
        await this.#injector.heal(step.nodes);
        for (const node of step.nodes) this.#feed.mark("repaired", { node });
        return;
      case "await-rejoin":
        return this.#awaitRejoin(step);
      case "refer-artifact":
        return referArtifact(this.#site, step.name);
      case "await-copies":
        await awaitCopy(this.#site, this.#peerSteps.#site, step.name);
        return awaitCopy(this.#peerSteps.#site, this.#site, step.name);
      case "at-peer":
        for (const one of step.steps) await this.#peerSteps.take(one);
        return;
    }
  }

  get #peerSteps(): StepRunner {
    if (!this.#peer) throw new HarnessError("run/internal", "the scenario has no peer zone");
    return this.#peer;
  }

  /** Waits, with no load running, until both zones hold as many facts, and no more come. */
  untilExchanged(): Promise<void> {
    let before = "";
    const look = async (): Promise<Look<true>> => {
      const counts = await Promise.all([this.countFacts(), this.#peerSteps.countFacts()]);
      const saw = `${counts.join(" and ")} facts`;
      const isSettled = counts[0] === counts[1] && counts[0] !== undefined && saw === before;
      before = saw;
      return isSettled ? { done: true } : { saw };
    };
    const options = {
      what: "both zones to hold the same facts",
      deadlineMs: exchangeDeadlineMs,
      intervalMs: exchangeLookMs,
      signal: this.#signal,
    };
    return this.#awaitZone(
      () => pollUntil(look, options),
      (end) => this.#feed.mark("exchanged", end),
    );
  }

  /** Facts in the stream now, by its leader's word; undefined when it is silent. */
  async countFacts(): Promise<number | undefined> {
    await this.#lookAtStreams();
    const told = this.#feed.streams.find((one) => one.stream === factStream);
    return told?.error === undefined ? told?.messages : undefined;
  }

  #awaitAnswer({ node, deadlineMs }: Extract<Step, { step: "await-answer" }>): Promise<void> {
    const isAnswer = (event: HistoryEvent) =>
      event.type === "ok" && event.f === "append" && (!node || event.node === node);
    return this.#awaitZone(
      () => this.#next(isAnswer, `an answer of ${node ?? "anybody"}`, deadlineMs),
      (end) => this.#feed.mark("failed-over", { ...(node ? { node } : {}), ...end }),
    );
  }

  #awaitVip({ node, isOwned, deadlineMs }: Extract<Step, { step: "await-vip" }>): Promise<void> {
    const isSo = (event: HistoryEvent) => event.type === "observed" && event.node === node && event.ownsVip === isOwned;
    return this.#awaitZone(
      async () => {
        if (this.#feed.lastLook(node)?.ownsVip === isOwned) return;
        await this.#next(isSo, `${node} ${isOwned ? "to own" : "to give up"} the VIP`, deadlineMs);
      },
      (end) => this.#feed.mark("held", { node, isOwned, ...end }),
    );
  }

  #awaitRejoin({ node, deadlineMs }: Extract<Step, { step: "await-rejoin" }>): Promise<void> {
    const isAnswer = (event: HistoryEvent) => event.type === "ok" && event.f === "append";
    return this.#awaitZone(
      async () => {
        await this.#untilMember(node, deadlineMs);
        // A member that comes back may start an election; the zone has recovered when it answers again.
        await this.#next(isAnswer, "an answer after the rejoin", deadlineMs);
      },
      (end) => this.#feed.mark("recovered", { node, ...end }),
    );
  }

  async #provoke(step: Extract<Step, { step: "provoke" }>): Promise<void> {
    const from = nodeNames.find(
      (name) => this.#feed.lastLook(name)?.ownsVip && this.#feed.lastLook(name)?.listens.length,
    );
    this.#feed.mark("provoked", {
      expectsFailover: step.to !== undefined,
      from: from ?? null,
      ...(step.to ? { to: step.to } : {}),
    });
    // At once means at once: none waits for the proof of another.
    await Promise.all(step.faults.map((fault) => this.#injector.inject(fault)));
  }

  /** Marks the end of a wait for the zone. When the deadline passed first, the mark says what was seen instead. */
  async #awaitZone(wait: () => Promise<unknown>, mark: (end: Awaited) => void): Promise<void> {
    try {
      await wait();
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== "wait/timeout") throw error;
      return mark({ isTimedOut: true, saw: error.message });
    }
    mark({});
  }

  #next(matches: (event: HistoryEvent) => boolean, what: string, deadlineMs: number): Promise<HistoryEvent> {
    return this.#feed.next(matches, { what, deadlineMs, signal: this.#signal });
  }

  /**
   * Where beta was first at the start of the zone, the service is moved to alpha, as an operator would: what a scenario does
   * next is told from there. Which node a cold start elects is judged where the start is part of the scenario.
   */
  async beginAtAlpha(): Promise<void> {
    if (!this.#isActive("beta")) return;
    this.#feed.mark("handed-back", { from: "beta" });
    await this.handBack("restart");
  }

  /** Beta is standby and every stream has all its replicas: where every scenario begins. */
  async untilSteady(deadlineMs: number): Promise<void> {
    await this.#untilMember("beta", deadlineMs).catch((error: unknown) => {
      throw error instanceof HarnessError && error.code === "wait/timeout"
        ? new HarnessError("zone/not-ready", error.message)
        : error;
    });
  }

  /** The node is up, standby where it serves, and no stream lacks a replica. */
  async #untilMember(name: NodeName, deadlineMs: number): Promise<void> {
    const look = async (): Promise<Look<true>> => {
      // Cheap look first, and again last: the streams take a while to answer, and roles may have changed by then.
      const saw = this.#lacksMembership(name);
      if (saw) return { saw };
      const streams = await this.#lookAtStreams();
      const now = this.#lacksMembership(name);
      return now ? { saw: now } : streams;
    };
    await pollUntil(look, {
      what: `${name} to be a member again`,
      deadlineMs,
      intervalMs: lookMs,
      signal: this.#signal,
    });
  }

  /** Words for what keeps a node from being a member, by its last look; null when nothing does. */
  #lacksMembership(name: NodeName): string | null {
    const seen = this.#feed.lastLook(name);
    if (!seen?.isAlive) return `${name} is down`;
    if (!isServiceNode(name)) return null;
    if (seen.role === "BACKUP" && !seen.ownsVip && seen.listens.length === 0) return null;
    return `${name} is ${seen.role ?? "without a role"}, owns VIP: ${seen.ownsVip}, listens: ${seen.listens.join(" ") || "no"}`;
  }

  async #lookAtStreams(): Promise<Look<true>> {
    // One that holds no replica knows of no stream; then the next is asked.
    for (const node of this.#upNodes()) {
      try {
        const told = await this.#zone.askNode(node, { do: "streams", timeoutMs: askTimeoutMs });
        if (told.streams.length > 0) break;
      } catch (error) {
        return { saw: messageOf(error) };
      }
    }
    const { streams } = this.#feed;
    const lacking = streams.filter((one) => one.leader === null || one.replicas.some((replica) => !replica.isCurrent));
    if (streams.length === 0) return { saw: "no streams" };
    return lacking.length === 0
      ? { done: true }
      : { saw: `${lacking.map((one) => one.stream).join(", ")} not current` };
  }

  /** Nodes that run and are not frozen; the active one first, since its server is surely in the quorum. */
  #upNodes(): NodeName[] {
    const up = nodeNames.filter((name) => this.#zone.node(name).isUp && !this.#feed.lastLook(name)?.isFrozen);
    const isActive = (name: NodeName) => (this.#feed.lastLook(name)?.listens.length ?? 0) > 0;
    const sorted = [...up.filter(isActive), ...up.filter((name) => !isActive(name))];
    if (sorted.length === 0) throw new HarnessError("run/internal", "no node of the zone is up");
    return sorted;
  }

  #anyNode(): NodeName {
    return this.#upNodes()[0]!;
  }

  async #readGates(name: NodeName): Promise<void> {
    const answer = await this.#zone.askNode(name, {
      do: "run-inside",
      namespaces: ["mnt"],
      argv: ["cat", "/run/bsfg/gates.json"],
      timeoutMs: askTimeoutMs,
    });
    const { t, gates } = gatesOf(answer.stdout);
    this.#feed.record({ t, type: "gates", node: name, gates });
  }

  /** Whether the facts can be read while a node is lost; that they cannot is a finding, not trouble. */
  async #readBack(): Promise<void> {
    try {
      await this.#readFacts();
      this.#feed.mark("read-back", { isReadable: true });
    } catch (error) {
      // Killed at its own deadline, the reader says nothing about the zone.
      if (
        !(error instanceof HarnessError) ||
        error.code !== "agent/refused" ||
        error.message.includes("gave no result")
      )
        throw error;
      this.#feed.mark("read-back", { isReadable: false, saw: error.message });
    }
  }

  async healAll(): Promise<void> {
    await this.#injector.heal(this.#injector.standingNodes);
  }

  /**
   * An operator moves the service back to alpha, between two scenarios.
   *
   * @returns whether alpha is active, beta its standby and every replica current; if not, the zone is thrown away.
   */
  async handBack(by: HandBack): Promise<boolean> {
    try {
      if (!this.#isActive("alpha")) await whileBetaIsOut(this.#zone, by, () => this.#untilActive("alpha"));
      await this.#untilMember("beta", handBackDeadlineMs);
      return this.#isActive("alpha");
    } catch (error) {
      if (this.#signal.aborted) throw error;
      return false;
    }
  }

  #untilActive(name: NodeName): Promise<unknown> {
    return pollUntil(() => (this.#isActive(name) ? { done: true } : { saw: `${name} is not active` }), {
      what: `${name} to be active again`,
      deadlineMs: handBackDeadlineMs,
      intervalMs: lookMs,
      signal: this.#signal,
    });
  }

  #isActive(name: NodeName): boolean {
    const seen = this.#feed.lastLook(name);
    return seen?.isAlive === true && seen.ownsVip && seen.listens.length > 0;
  }

  /** Reads every fact back from a server, and the state of every stream. */
  async audit(): Promise<void> {
    await this.#readFacts();
    // The last word on replicas: a stream that is just electing a leader is asked again, and the last answer stands.
    const options = {
      what: "every replica to be current",
      deadlineMs: lastWordDeadlineMs,
      intervalMs: lookMs,
      signal: this.#signal,
    };
    await pollUntil(() => this.#lookAtStreams(), options).catch((error: unknown) => {
      if (this.#signal.aborted) throw error;
    });
  }

  /** Every fact from one server, as `stored` events. Returns whose. */
  async #readFacts(): Promise<NodeName> {
    const node = this.#anyNode();
    await this.#zone.askNode(
      node,
      { do: "audit", stream: factStream, firstOffset: this.#feed.firstOffset, timeoutMs: auditTimeoutMs },
      auditTimeoutMs + 5_000,
    );
    return node;
  }
}

interface GateLine {
  name: string;
  isOpen: boolean;
  why: string;
}

/** What /run/bsfg/gates.json of the node contract says, gate by gate. */
function gatesOf(text: string): { t: number; gates: Record<string, { isOpen: boolean; why: string }> } {
  try {
    const { gates } = JSON.parse(text) as { gates: GateLine[] };
    return { t: nowNs(), gates: Object.fromEntries(gates.map(({ name, isOpen, why }) => [name, { isOpen, why }])) };
  } catch {
    throw new HarnessError("image/breaks-contract", `/run/bsfg/gates.json holds "${text.slice(0, 80)}"`, {
      expected: "an object with gates",
    });
  }
}
