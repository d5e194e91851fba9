// The configuration with which an OCI runtime runs the controller of another image on this node: the image's own
// entry point, environment and user, and the mounts and variables of the pattern. Pure. The fields are those of the OCI
// runtime specification, 1.0.

import type { ControllerImage } from "#spec/controller-image.ts";

export interface UserIds {
  uid: number;
  gid: number;
  additionalGids: number[];
}

/** Variables of the pattern. The node has them in its own environment. */
const passedOn = ["ZONE_ID", "NODE_NAME", "PEER_ENDPOINTS", "JETSTREAM_URL", "BIND_ADDRESS", "PEER_ADDRESS"];
const usualPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What a container engine grants by default. The network is the node's, so NET_BIND_SERVICE counts there. */
const capabilities = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FSETID",
  "CAP_FOWNER",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETPCAP",
  "CAP_NET_BIND_SERVICE",
  "CAP_KILL",
];

const bind = (source: string, destination: string, ...options: string[]) => ({
  destination,
  source,
  type: "bind",
  options: ["bind", ...options],
});

const mounts = [
  { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
  {
    destination: "/dev",
    type: "tmpfs",
    source: "tmpfs",
    options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
  },
  {
    destination: "/dev/shm",
    type: "tmpfs",
    source: "shm",
    options: ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"],
  },
  { destination: "/sys", type: "bind", source: "/sys", options: ["rbind", "nosuid", "noexec", "nodev", "ro"] },
  bind("/etc/hosts", "/etc/hosts", "ro"),
  bind("/etc/resolv.conf", "/etc/resolv.conf", "ro"),
  bind("/opt/bsfg/certs", "/certs", "ro"),
  bind("/artifacts", "/artifacts", "rw"),
  // The gates of the node, read only: a controller answers Health from gates.json.
  bind("/run/bsfg", "/run/bsfg", "ro"),
];

/** Without a network namespace, so the controller is in the node's. */
const namespaces = ["pid", "mount", "ipc", "uts"].map((type) => ({ type }));

/** config.json of the bundle. `own`: the node's environment. */
export function runtimeConfig(image: ControllerImage, user: UserIds, own: Record<string, string | undefined>): object {
  const given = passedOn.flatMap((name) => (own[name] === undefined ? [] : [`${name}=${own[name]}`]));
  const path = image.environment.some((one) => one.startsWith("PATH=")) ? [] : [usualPath];
  return {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user,
      args: [...image.entrypoint, ...image.command],
      // The last one counts: the pattern's variables win.
      env: [...path, ...image.environment, ...given],
      cwd: image.workingFolder || "/",
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      noNewPrivileges: true,
    },
    root: { path: "rootfs", readonly: false },
    hostname: own["NODE_NAME"] ?? "node",
    mounts,
    linux: {
      namespaces,
      maskedPaths: ["/proc/kcore", "/proc/keys", "/proc/timer_list"],
      readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
    },
  };
}

/**
 * The user that an image names, looked up in its own account files as a container engine does.
 *
 * @throws Error for a name that they do not hold.
 */
export function userIds(user: string, accounts: { passwd: string; group: string }): UserIds {
  const [name = "", group] = user.split(":");
  const people = rowsOf(accounts.passwd);
  const groups = rowsOf(accounts.group);
  const person = people.find(([known, , uid]) => known === name || uid === name);
  const uid = name === "" ? 0 : numberIn(person?.[2] ?? name, `user ${name}`);
  const known = groups.find(([one, , gid]) => one === group || gid === group);
  const gid = group ? numberIn(known?.[2] ?? group, `group ${group}`) : Number(person?.[3] ?? 0);
  const members = groups.filter(([, , , list]) => list?.split(",").includes(person?.[0] ?? ""));
  return { uid, gid, additionalGids: group || !person ? [] : members.map(([, , id]) => Number(id)) };
}

function rowsOf(text: string): string[][] {
  return text.split("\n").map((line) => line.split(":"));
}

function numberIn(text: string, what: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`the image has no ${what}`);
  return Number(text);
}
