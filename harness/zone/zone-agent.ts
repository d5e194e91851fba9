// The agent of one zone: its container, and the roles that run in it.

import type Docker from "dockerode";
import { HarnessError } from "#base/errors.ts";
import type { AgentRole, RequestOf } from "#protocol/commands.ts";
import type { TransferName, TransferReply, TransferRequest } from "#protocol/transfer.ts";
import type { AgentListener, AgentProcess } from "./agent-process.ts";
import type { InContainer } from "./exec.ts";
import { openAgent } from "./open-agent.ts";
import { transfer, type TransferOptions } from "./transfer.ts";
import type { ZoneRequest } from "./zone-request.ts";

export class ZoneAgent {
  readonly #request: ZoneRequest;
  #container: Docker.Container | undefined;
  #observer: AgentProcess<"observe"> | undefined;
  #actuator: AgentProcess<"actuator"> | undefined;
  #isClosing = false;

  constructor(request: ZoneRequest) {
    this.#request = request;
  }

  /** Uses a container that runs already. */
  use(containerId: string): void {
    this.#container = this.#request.docker.getContainer(containerId);
  }

  get isRunning(): boolean {
    return this.#container !== undefined;
  }

  get actuator(): AgentProcess<"actuator"> {
    if (!this.#actuator) throw new HarnessError("agent/lost", "the actuator is not open");
    return this.#actuator;
  }

  async openActuator(): Promise<void> {
    this.#actuator ??= await this.#open("actuator");
  }

  async openObserver(): Promise<void> {
    this.#observer ??= await this.#open("observe");
  }

  openMonitor(): Promise<AgentProcess<"monitor">> {
    return this.#open("monitor");
  }

  /** On the client host, or in the network namespace of a node. */
  openClient(inside?: { name: string; pid: number }): Promise<AgentProcess<"client">> {
    const prefix = inside ? ["nsenter", "-t", String(inside.pid), "-n", "--"] : [];
    return this.#open("client", { prefix, from: `client-${inside?.name ?? "host"}` });
  }

  /** Does nothing in a zone without an observer. */
  async watch(request: RequestOf<"watch">): Promise<void> {
    await this.#observer?.ask(request);
  }

  /** Copies one JetStream stream between a node and a local file. */
  transfer<Name extends TransferName>(
    request: TransferRequest<Name>,
    options: TransferOptions,
  ): Promise<TransferReply<Name>> {
    return transfer(this.#place, request, options);
  }

  /** Ends the roles, not the container. */
  async leave(): Promise<void> {
    this.#isClosing = true;
    await Promise.allSettled([this.#observer?.[Symbol.asyncDispose](), this.#actuator?.[Symbol.asyncDispose]()]);
  }

  #open<Role extends AgentRole>(
    role: Role,
    { prefix = [], from = role }: { prefix?: string[]; from?: string } = {},
  ): Promise<AgentProcess<Role>> {
    return openAgent(this.#place, { role, prefix, listener: this.#listener(from) });
  }

  get #place(): InContainer {
    if (!this.#container) throw new HarnessError("agent/lost", "the agent's container is not started");
    return { docker: this.#request.docker, container: this.#container };
  }

  #listener(from: string): AgentListener {
    const { onEvent, onNoise, onLost } = this.#request;
    return { onEvent, onNoise: (line) => onNoise(from, line), onLost: (error) => !this.#isClosing && onLost(error) };
  }
}
