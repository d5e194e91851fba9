// Allocates zone indices and the bridges under the macvlan networks of a zone: one bridge for each segment, in the
// daemon's own network namespace. A bridge has no address and no uplink, so nothing on the host can reach a zone.

import type Docker from "dockerode";
import { HarnessError } from "#base/errors.ts";
import type { Grant } from "#engine/privileges.ts";
import { label } from "#engine/labels.ts";
import { isOwnerAlive, ownerOf } from "#engine/owner.ts";
import { zoneIndexCount } from "#topology/plan-zone.ts";
import { execInside } from "./exec.ts";

/** Bridge names by segment. The peer segment has the index of the first zone of the pair. */
export const bridgeOf = (index: number) => ({
  zone: `triadz${index}`,
  control: `triadc${index}`,
  peer: `triadp${index}`,
});

/** Works in one container of the daemon's network namespace for a whole run. */
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
      Labels: { [label.owner]: ownerOf(), [label.role]: "bridge-allocator" },
      HostConfig: { NetworkMode: "host", Init: false, ...grant } as Docker.HostConfig,
    });
    await container.start();
    return new BridgeAllocator(docker, container);
  }

  /** Takes the lowest free zone index. Making the bridge is the lock: only one process succeeds. */
  async claim(): Promise<number> {
    const taken = await this.#indicesOfNetworks();
    for (let index = 0; index < zoneIndexCount; index++) {
      if (taken.has(index)) continue;
      const { zone, control } = bridgeOf(index);
      // The alias names the owner until a labelled network uses the bridge. It is this process, also for a zone that
      // stays up.
      const made = await this.#sh(`ip link add ${zone} type bridge && ip link set ${zone} alias ${ownerOf()}`);
      if (/File exists/.test(made.stderr)) continue;
      if (made.code !== 0) throw new HarnessError("engine/no-macvlan", `cannot make a bridge: ${made.stderr.trim()}`);
      await this.#sh(`ip link add ${control} type bridge; ${raise(zone, control)}`);
      return index;
    }
    throw new HarnessError("zone/no-address", `all ${zoneIndexCount} zone indices are taken`);
  }

  /** A stopped zone whose host or engine was restarted still has its subnets, but no bridge. */
  async #indicesOfNetworks(): Promise<Set<number>> {
    const networks = await this.#docker.listNetworks({ filters: { label: [label.index] } });
    return new Set(networks.map((one) => Number(one.Labels?.[label.index])));
  }

  /** Makes the bridge between zone `index` and its peer. The index must be claimed. */
  async join(index: number): Promise<void> {
    const { peer } = bridgeOf(index);
    const made = await this.#sh(`ip link add ${peer} type bridge && ${raise(peer)}`);
    if (made.code !== 0) throw new HarnessError("engine/no-macvlan", `cannot make a bridge: ${made.stderr.trim()}`);
  }

  async release(index: number): Promise<void> {
    const { zone, control, peer } = bridgeOf(index);
    await this.#sh(`ip link del ${peer}; ip link del ${zone}; ip link del ${control}; true`);
  }

  /** Removes the bridges of dead owners that no network uses. Returns the number of zones. */
  async releaseDead(): Promise<number> {
    const listed = await this.#sh(
      'cd /sys/class/net && for b in triadz*; do echo "$b $(cat $b/ifalias)"; done 2>/dev/null',
    );
    const bridges = [...listed.stdout.matchAll(/^triadz(\d+) (\d+-\d+)$/gm)];
    const dead = bridges.filter(([, , owner]) => !isOwnerAlive(owner!)).map(([, index]) => Number(index));
    // Networks are listed after the owners. An owner that has just ended may have left a zone that stays up, and its
    // networks must be on the list.
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

/** Sets bridges up. Without multicast snooping: VRRP and ARP must pass at once. */
function raise(...bridges: string[]): string {
  const quiet = "echo 0 > /sys/class/net/$b/bridge/multicast_snooping || true";
  return `for b in ${bridges.join(" ")}; do ip link set $b up; ${quiet}; done`;
}
