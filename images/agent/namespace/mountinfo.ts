// Reads a mountinfo text: what is mounted where. Pure.

import type { InspectionEvent } from "#history/event.ts";

/** Octal escapes of mountinfo (\040 for a space). */
const unescape = (text: string) =>
  text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const readOnly = (options: string): { isReadOnly?: true } =>
  options.split(",").includes("ro") ? { isReadOnly: true } : {};

type Mount = InspectionEvent["mounts"][number];

/** Every mount, oldest first. Fields as in proc_pid_mountinfo(5). */
export function mountedIn(mountinfo: string): Mount[] {
  return [...mountsById(mountinfo).values()];
}

/** By mount id, oldest first. */
export function mountsById(mountinfo: string): Map<string, Mount> {
  const lines = mountinfo.split("\n").filter((line) => line !== "");
  return new Map(lines.map(mountIn));
}

function mountIn(line: string): [id: string, mount: Mount] {
  const [left = "", right = ""] = line.split(" - ");
  const [id = "", , device = "", root = "", path = "", options = ""] = left.split(" ");
  const [type = "", source = ""] = right.split(" ");
  return [
    id,
    { device, root: unescape(root), path: unescape(path), type, source: unescape(source), ...readOnly(options) },
  ];
}
