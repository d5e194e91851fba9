// Removes the embedded engine's control groups. They stay as empty folders when its PID namespace ends.

import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";

const mount = "/sys/fs/cgroup";
/** Removes every empty group below `parent` of each hierarchy. A group in use stays. Returns how many stay. */
export function removeCgroups(parent: string): number {
  if (!existsSync(mount)) return 0;
  const hierarchies = existsSync(join(mount, "cgroup.controllers"))
    ? [mount]
    : readdirSync(mount).map((name) => join(mount, name));
  let left = 0;
  for (const hierarchy of hierarchies) {
    const group = join(hierarchy, parent);
    if (!existsSync(group)) continue;
    for (const child of readdirSync(group, { withFileTypes: true }))
      if (child.isDirectory()) left += remove(join(group, child.name));
    left += remove(group);
  }
  return left;
}

function remove(group: string): number {
  try {
    rmdirSync(group);
    return 0;
  } catch {
    return 1;
  }
}
