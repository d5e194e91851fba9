// A file system in a file, on a loop device that frees itself when it is unmounted. Only for the "eio" way of breaking.

import { existsSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { must, run } from "../namespace/programs.ts";

/** The least size mkfs.xfs takes; the file is sparse. */
const imageBytes = 320 * 1024 * 1024;

/** Makes an xfs image (its every operation fails after a shutdown; ext4 still answers some from memory). */
export async function makeImage(file: string): Promise<void> {
  rmSync(file, { force: true });
  writeFileSync(file, "");
  truncateSync(file, imageBytes);
  await must(["mkfs.xfs", "-q", "-f", file], { timeoutMs: 20_000 });
}

/** Attaches and gives the device. A container's /dev is a copy, so the node of a new device may have to be made. */
export async function attach(file: string): Promise<string> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const device = (await must(["losetup", "--find"])).trim();
    if (!existsSync(device)) await must(["mknod", device, "b", "7", device.replace("/dev/loop", "")]);
    // Another may have taken it between the two calls: then look for the next.
    if ((await run(["losetup", device, file])).code === 0) return device;
  }
  throw new Error("no loop device could be had");
}

/** Detaches now or, while it is mounted, as soon as it is not. */
export async function letGo(device: string): Promise<void> {
  await run(["losetup", "--detach", device]);
}

/** True when `file` still backs a device. */
export async function isAttached(file: string): Promise<boolean> {
  const { stdout } = await run(["losetup", "--associated", file]);
  return stdout.trim() !== "";
}
