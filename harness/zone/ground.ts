// What the macvlan networks of zones stand on: one bridge a segment in the daemon's own network namespace, made from a
// short-lived container there. A bridge has no address and no uplink, so nothing on the host can speak to a zone.

import type Docker from "dockerode";
import { HarnessError } from "#base/errors.ts";
import type { Grant } from "#engine/privileges.ts";
import { label } from "#engine/labels.ts";
import { ownerOf } from "#engine/owner.ts";
import { zoneIndexCount } from "#topology/plan-zone.ts";
import { execInside } from "./exec.ts";

export const bridgeOf = (index: number) => ({ zone: `triadz${index}`, control: `triadc${index}` });

/** A container in the daemon's network namespace that makes and removes bridges; one a run. */
export class Ground implements AsyncDisposable {
  readonly #docker: Docker;
  readonly #container: Docker.Container;

  private constructor(docker: Docker, container: Docker.Container) {
    this.#docker = docker;
    this.#container = container;
  }

  static async open(docker: Docker, image: string, grant: Grant): Promise<Ground> {
    const container = await docker.createContainer({
      Image: image,
      Cmd: ["sleep", "infinity"],
      Labels: { [label.owner]: ownerOf(), [label.role]: "ground" },
      HostConfig: { NetworkMode: "host", Init: false, ...grant } as Docker.HostConfig,
    });
    await container.start();
    return new Ground(docker, container);
  }

  /** Takes the lowest free zone index at or above `from`: whoever makes the bridge has it. */
  async claim(from = 0): Promise<number> {
    for (let index = from; index < zoneIndexCount; index++) {
      const { zone, control } = bridgeOf(index);
      const made = await this.#ip(["link", "add", zone, "type", "bridge"]);
      if (/File exists/.test(made.stderr)) continue;
      if (made.code !== 0) throw new HarnessError("engine/no-macvlan", `a bridge could not be made: ${made.stderr.trim()}`);
      await this.#sh(
        `ip link add ${control} type bridge; for b in ${zone} ${control}; do ip link set $b up; ` +
          // Bridges of macvlan parents must not snoop: VRRP and ARP have to pass at once.
          `echo 0 > /sys/class/net/$b/bridge/multicast_snooping || true; done`,
      );
      return index;
    }
    throw new HarnessError("zone/no-address", `all ${zoneIndexCount} zone indices are taken`);
  }

  async release(index: number): Promise<void> {
    const { zone, control } = bridgeOf(index);
    await this.#sh(`ip link del ${zone}; ip link del ${control}; true`);
  }

  /** Removes bridges of indices that are not in `live`; only when no other run could be between claim and network. */
  async releaseAllBut(live: readonly number[]): Promise<number> {
    const listed = await this.#ip(["-o", "link", "show", "type", "bridge"]);
    const found = [...listed.stdout.matchAll(/triadz(\d+)/g)].map((match) => Number(match[1]));
    const dead = [...new Set(found)].filter((index) => !live.includes(index));
    for (const index of dead) await this.release(index);
    return dead.length;
  }

  #ip(args: string[]) {
    return execInside(this.#docker, this.#container, ["ip", ...args]);
  }

  #sh(script: string) {
    return execInside(this.#docker, this.#container, ["sh", "-c", script]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#container.remove({ force: true }).catch(() => {});
  }
}
