// A node without a container. For unit tests.

import type { NodeName } from "#spec/node.ts";
import type { PlannedNode } from "#topology/plan.ts";

let lastPid = 100;

export class FakeNode {
  readonly name: NodeName;
  readonly plan: PlannedNode;
  readonly #onChange: (node: FakeNode) => void;
  pid = ++lastPid;
  isFrozen = false;

  constructor(plan: PlannedNode, onChange: (node: FakeNode) => void) {
    this.name = plan.name;
    this.plan = plan;
    this.#onChange = onChange;
  }

  get isUp(): boolean {
    return this.pid !== 0;
  }

  get serves(): boolean {
    return this.isUp && !this.isFrozen;
  }

  kill(): Promise<string> {
    return this.#become({ pid: 0 }, "container exited with 137");
  }

  stop(): Promise<string> {
    return this.#become({ pid: 0 }, "container exited with 0");
  }

  start(): Promise<string> {
    return this.#become({ pid: ++lastPid }, `container runs as pid ${lastPid}`);
  }

  pause(): Promise<string> {
    return this.#become({ isFrozen: true }, "the daemon reports the container paused");
  }

  resume(): Promise<string> {
    return this.#become({ isFrozen: false }, "the daemon reports the container running");
  }

  async #become(state: { pid?: number; isFrozen?: boolean }, proof: string): Promise<string> {
    Object.assign(this, state);
    this.#onChange(this);
    return proof;
  }
}
