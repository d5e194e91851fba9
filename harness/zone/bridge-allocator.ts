// What the macvlan networks of zones stand on: one bridge a segment in the daemon's own network namespace, made from a
// short-lived container there. A bridge has no address and no uplink, so nothing on the host can speak to a zone.

import type Docker from "dockerode";
import { HarnessError } from "#base/errors.ts";
import type { Grant } from "#engine/privileges.ts";
import { label } from "#engine/labels.ts";
import { isOwnerAlive, ownerOf } from "#engine/owner.ts";
import { zoneIndexCount } from "#topology/plan-zone.ts";
import { execInside } from "./exec.ts";

/** By segment; that between two zones is named for the first of them. */
export const bridgeOf = (index: number) => ({
  zone: `triadz${index}`,
  control: `triadc${index}`,
  peer: `triadp${index}`,
});

/** A container in the daemon's network namespace that makes and removes bridges; one a run. */
export class BridgeAllocator implements AsyncDisposable {
  readonly #docker: Docker;
  readonly #container: Docker.Container;

  private constructor(docker: Docker, container: Docker.Container) {
    this.#docker = docker;
    this.#container = container;
  }

  static async open(docker: Docker, image: string, grant: Grant): Promise<BridgeAllocator> {
    const container = await docker.createContainer({
      Image: image,
      Cmd: ["sleep", "infinity"],
      Labels: { [label.owner]: ownerOf(), [label.role]: "ground" },
      HostConfig: { NetworkMode: "host", Init: false, ...grant } as Docker.HostConfig,
    });
    await container.start();
    return new BridgeAllocator(docker, container);
  }

  /** Takes the lowest free zone index: whoever makes the bridge has it. */
  async claim(): Promise<number> {
    const taken = await this.#indicesOfNetworks();
    for (let index = 0; index < zoneIndexCount; index++) {
      if (taken.has(index)) continue;
      const { zone, control } = bridgeOf(index);
      // The alias says whose it is, until a network with labels stands on it: its maker's, also where the zone is to stay up.
      const made = await this.#sh(`ip link add ${zone} type bridge && ip link set ${zone} alias ${ownerOf()}`);
      if (/File exists/.test(made.stderr)) continue;
      if (made.code !== 0)
        throw new HarnessError("engine/no-macvlan", `a bridge could not be made: ${made.stderr.trim()}`);
      await this.#sh(`ip link add ${control} type bridge; ${raise(zone, control)}`);
      return index;
    }
    throw new HarnessError("zone/no-address", `all ${zoneIndexCount} zone indices are taken`);
  }

  /** A zone that stands still after a restart of the host or the engine has its subnets, but no bridge any more. */
  async #indicesOfNetworks(): Promise<Set<number>> {
    const networks = await this.#docker.listNetworks({ filters: { label: [label.index] } });
    return new Set(networks.map((one) => Number(one.Labels?.[label.index])));
  }

  /** The bridge between zone `index`, which is claimed, and its peer. */
  async join(index: number): Promise<void> {
    const { peer } = bridgeOf(index);
    const made = await this.#sh(`ip link add ${peer} type bridge && ${raise(peer)}`);
    if (made.code !== 0)
      throw new HarnessError("engine/no-macvlan", `a bridge could not be made: ${made.stderr.trim()}`);
  }

  async release(index: number): Promise<void> {
    const { zone, control, peer } = bridgeOf(index);
    await this.#sh(`ip link del ${peer}; ip link del ${zone}; ip link del ${control}; true`);
  }

  /** Removes the bridges of dead owners that no network stands on. Returns how many zones that were. */
  async releaseDead(): Promise<number> {
    const listed = await this.#sh(
      'cd /sys/class/net && for b in triadz*; do echo "$b $(cat $b/ifalias)"; done 2>/dev/null',
    );
    const bridges = [...listed.stdout.matchAll(/^triadz(\d+) (\d+-\d+)$/gm)];
    const dead = bridges.filter(([, , owner]) => !isOwnerAlive(owner!)).map(([, index]) => Number(index));
    // After the owners: one that has just ended may have left a zone that stays up, whose networks are there by now.
    const taken = await this.#indicesOfNetworks();
    const free = dead.filter((index) => !taken.has(index));
    for (const index of free) await this.release(index);
    return free.length;
  }

  #sh(script: string) {
    return execInside(this.#docker, this.#container, ["sh", "-c", script]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#container.remove({ force: true }).catch(() => {});
  }
}

/** Bridges of macvlan parents must not snoop: VRRP and ARP have to pass at once. */
function raise(...bridges: string[]): string {
  const quiet = "echo 0 > /sys/class/net/$b/bridge/multicast_snooping || true";
  return `for b in ${bridges.join(" ")}; do ip link set $b up; ${quiet}; done`;
}
