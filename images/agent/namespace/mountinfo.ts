// Reads a mountinfo text: what is mounted where. Pure.

import type { InspectionEvent } from "#history/event.ts";

/** Octal escapes of mountinfo (\040 for a space). */
const unescape = (text: string) =>
  text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

const readOnly = (options: string): { isReadOnly?: true } =>
  options.split(",").includes("ro") ? { isReadOnly: true } : {};

/** Every mount, oldest first. Fields as in proc_pid_mountinfo(5). */
export function mountedIn(mountinfo: string): InspectionEvent["mounts"] {
  return mountinfo
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [left = "", right = ""] = line.split(" - ");
      const [, , device = "", root = "", path = "", options = ""] = left.split(" ");
      const [type = "", source = ""] = right.split(" ");
      return {
        device,
        root: unescape(root),
        path: unescape(path),
        type,
        source: unescape(source),
        ...readOnly(options),
      };
    });
}
