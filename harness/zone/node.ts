// One node as a container, running or stopped. It knows Docker only; docs/node-contract.md says what runs inside.

import { type Duplex, PassThrough } from "node:stream";
import type Docker from "dockerode";
import { HarnessError, messageOf } from "#base/errors.ts";
import { type Look, pollUntil } from "#base/poll.ts";
import type { NodeName } from "#spec/node.ts";
import type { PlannedNode } from "#topology/plan.ts";
import { demuxed } from "./demux.ts";
import { execInside, type ExecResult } from "./exec.ts";

const exitDeadlineMs = 15_000;
const stopGraceS = 10;
/**
 * runc cannot freeze a group whose processes start others all the time. It tries a thousand times, thaws all and
 * reports that it was unable to. Seen under CPU contention. Nothing happened then, so the freeze is tried again.
 */
const freezeDeadlineMs = 10_000;
const unableToFreeze = "unable to freeze";

/** The kernel's own default. */
const cpuPeriodUs = 100_000;
/** The daemon takes no "unlimited" in a change. This is more than any machine has. */
const noMemoryLimit = 2 ** 42;
const quotaOf = (cpuPercent: number | null) => (cpuPercent === null ? -1 : (cpuPeriodUs * cpuPercent) / 100);

export interface NodeLimits {
  cpuPercent?: number | null;
  memoryBytes?: number | null;
}

export type NodeState = "running" | "paused" | "down";

export type NodeChange = (
  node: NodeName,
  phase: "started" | "exited" | "paused" | "resumed",
  pid: number,
) => Promise<void>;

export class StartedNode {
  readonly name: NodeName;
  readonly plan: PlannedNode;
  readonly #docker: Docker;
  readonly #container: Docker.Container;
  readonly #onChange: NodeChange;
  #pid = 0;

  constructor(plan: PlannedNode, parts: { docker: Docker; containerId: string; onChange: NodeChange }) {
    this.name = plan.name;
    this.plan = plan;
    this.#docker = parts.docker;
    this.#container = parts.docker.getContainer(parts.containerId);
    this.#onChange = parts.onChange;
  }

  /** PID of the node's first process in the daemon's PID namespace; 0 while it is down. */
  get pid(): number {
    return this.#pid;
  }

  get isUp(): boolean {
    return this.#pid !== 0;
  }

  /** Asks the daemon for the PID. @throws HarnessError `image/breaks-contract` when the container does not run */
  async adopt(): Promise<void> {
    const { State } = await this.#container.inspect();
    if (!State.Running) throw await this.#died(`exit code ${State.ExitCode}`);
    this.#pid = State.Pid;
  }

  /** What the daemon says of it now. */
  async state(): Promise<NodeState> {
    const { State } = await this.#container.inspect();
    return State.Paused ? "paused" : State.Running ? "running" : "down";
  }

  /** Asks the daemon again. Returns true when the PID has changed. */
  async findPid(): Promise<boolean> {
    const before = this.#pid;
    const { State } = await this.#container.inspect();
    this.#pid = State.Running ? State.Pid : 0;
    return this.#pid !== before;
  }

  /** SIGKILL to every process of the node. Returns when the daemon has seen the exit. */
  async kill(): Promise<string> {
    await this.#container.kill({ signal: "SIGKILL" });
    return this.#untilExited();
  }

  /** Waits for the exit of a node whose processes were ended from outside. */
  async hasDied(): Promise<string> {
    return this.#untilExited();
  }

  /** SIGTERM, then SIGKILL after the grace period. */
  async stop(): Promise<string> {
    await this.#container.stop({ t: stopGraceS });
    return this.#untilExited();
  }

  /** Starts the node again. Stores stay, /run is lost. */
  async start(): Promise<string> {
    await this.#container.start();
    await this.adopt();
    await this.#onChange(this.name, "started", this.#pid);
    return `container runs as pid ${this.#pid}`;
  }

  /** Removes the container, and with it everything outside of volumes. */
  async remove(): Promise<string> {
    if (this.isUp) await this.kill();
    await this.#container.remove({ force: true, v: true });
    const isGone = await this.#container.inspect().then(
      () => false,
      (error: { statusCode?: number }) => error.statusCode === 404,
    );
    if (!isGone) throw new HarnessError("fault/no-effect", `the container of ${this.name} is still there`);
    return `the daemon knows no container ${this.id.slice(0, 12)}`;
  }

  async pause(): Promise<string> {
    await pollUntil(() => this.#tryPause(), { what: `${this.name} to freeze`, deadlineMs: freezeDeadlineMs });
    await this.#expectState("paused");
    await this.#onChange(this.name, "paused", this.#pid);
    return "the daemon reports the container paused";
  }

  /** Idempotent: the daemon refuses to thaw a container that is not frozen. */
  async resume(): Promise<string> {
    const { State } = await this.#container.inspect();
    if (State.Paused) await this.#container.unpause();
    await this.#expectState("running");
    await this.#onChange(this.name, "resumed", this.#pid);
    return "the daemon reports the container running";
  }

  /**
   * Limits what the node gets of the machine, also while it is down. Percent of one processor, bytes of memory; null:
   * no limit.
   */
  async limit({ cpuPercent, memoryBytes }: NodeLimits): Promise<string> {
    await this.#container.update({
      ...(cpuPercent === undefined ? {} : { CpuPeriod: cpuPeriodUs, CpuQuota: quotaOf(cpuPercent) }),
      ...(memoryBytes === undefined ? {} : { Memory: memoryBytes ?? noMemoryLimit, MemorySwap: -1 }),
    });
    const { HostConfig } = await this.#container.inspect();
    const { CpuQuota = 0, Memory = 0 } = HostConfig;
    return cpuPercent === undefined
      ? `the daemon's limit of memory is ${Memory} bytes`
      : `the daemon's limit of processor time is ${CpuQuota} of ${cpuPeriodUs} us`;
  }

  async exec(argv: string[]): Promise<ExecResult> {
    return execInside(this.#docker, this.#container, argv);
  }

  /** The node's output, oldest first. */
  async logs(tail?: number): Promise<string> {
    const raw = await this.#container.logs({ stdout: true, stderr: true, timestamps: true, ...(tail ? { tail } : {}) });
    return demuxed(raw as unknown as Buffer);
  }

  /** The container's id, for a docker client. */
  get id(): string {
    return this.#container.id;
  }

  /** Writes new output as it comes, until the signal. */
  async follow(write: (text: string) => void, signal: AbortSignal): Promise<void> {
    const stream = (await this.#container.logs({
      stdout: true,
      stderr: true,
      follow: true,
      tail: 0,
      timestamps: true,
    })) as unknown as Duplex;
    const text = new PassThrough();
    this.#docker.modem.demuxStream(stream, text, text);
    text.setEncoding("utf8").on("data", write);
    await new Promise<void>((resolve) => {
      stream.once("end", resolve).once("close", resolve);
      const end = () => (stream.destroy(), resolve());
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
    });
  }

  async #untilExited(): Promise<string> {
    const code = await pollUntil(
      async () => {
        const { State } = await this.#container.inspect();
        return State.Running ? { saw: "it still runs" } : { done: State.ExitCode };
      },
      { what: `${this.name} to exit`, deadlineMs: exitDeadlineMs, intervalMs: 20, code: "fault/no-effect" },
    );
    this.#pid = 0;
    await this.#onChange(this.name, "exited", 0);
    return `container exited with ${code}`;
  }

  async #tryPause(): Promise<Look<true>> {
    try {
      await this.#container.pause();
      return { done: true };
    } catch (error) {
      const saw = messageOf(error);
      if (!saw.includes(unableToFreeze)) throw error;
      return { saw };
    }
  }

  async #expectState(status: string): Promise<void> {
    const { State } = await this.#container.inspect();
    if (State.Status !== status)
      throw new HarnessError("fault/no-effect", `${this.name} is ${State.Status}`, { expected: status });
  }

  async #died(how: string): Promise<HarnessError> {
    const log = await this.logs(8).catch((error: unknown) => messageOf(error));
    return new HarnessError(
      "image/breaks-contract",
      `${this.name}'s container did not stay up: ${how}; the end of its log: ${log.trim().replaceAll("\n", " | ")}`,
    );
  }
}
