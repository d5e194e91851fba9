// Tells whether the cgroup freezer has frozen a node (docker pause). It finds the right file once and then reads it
// cheaply. A process that a signal stopped is not frozen.

import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";

/** Where to find cgroup trees. PID 1's own mounts come first, because a container sees only its own branch. */
const roots = ["/proc/1/root/sys/fs/cgroup", "/sys/fs/cgroup"];

/** The candidate files of a process, from the text of /proc/PID/cgroup: v1 freezer, then v2. Pure. */
export function freezerPaths(cgroup: string): string[] {
  const paths: string[] = [];
  for (const line of cgroup.split("\n")) {
    const [number, controllers, ...rest] = line.split(":");
    const path = rest.join(":");
    if (controllers?.split(",").includes("freezer")) paths.unshift(`freezer${path}/freezer.state`);
    if (number === "0" && controllers === "")
      paths.push(`${path.slice(1)}/cgroup.events`, `unified${path}/cgroup.events`);
  }
  return paths;
}

/** v1 says FROZEN (FREEZING is not frozen yet), v2 says "frozen 1". Pure. */
export function isFrozenText(text: string): boolean {
  return text.startsWith("FROZEN") || /^frozen 1$/m.test(text);
}

/** Kernel functions in which a frozen task waits, for v1 and v2. Used when no cgroup file is accessible. */
const frozenWaits = ["__refrigerator", "do_freezer_trap"];

export class Freezer {
  #fd: number | undefined;
  readonly #isWait: boolean;
  readonly #bytes = Buffer.alloc(256);

  constructor(pid: number) {
    const wanted = freezerPaths(readFileSync(`/proc/${pid}/cgroup`, "utf8"));
    const found = wanted.flatMap((path) => roots.map((root) => `${root}/${path}`)).find((path) => existsSync(path));
    this.#isWait = found === undefined;
    this.#fd = openSync(found ?? `/proc/${pid}/wchan`, "r");
  }

  /** @throws when the cgroup or the process is gone. */
  isFrozen(): boolean {
    if (this.#fd === undefined) return false;
    const length = readSync(this.#fd, this.#bytes, 0, this.#bytes.length, 0);
    const text = this.#bytes.toString("latin1", 0, length);
    return this.#isWait ? frozenWaits.includes(text) : isFrozenText(text);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
