// A file system in a file, on a loop device that is freed when it is unmounted.

import { existsSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { must, run } from "../namespace/programs.ts";

/** The smallest size that mkfs.xfs accepts. The file is sparse. */
const imageBytes = 320 * 1024 * 1024;

/** Makes an xfs image. After a shutdown every operation on xfs fails; ext4 still answers some from memory. */
export async function makeImage(file: string): Promise<void> {
  rmSync(file, { force: true });
  writeFileSync(file, "");
  truncateSync(file, imageBytes);
  await must(["mkfs.xfs", "-q", "-f", file], { timeoutMs: 20_000 });
}

/**
 * Attaches the file and returns the device. A container's /dev is a copy, so a new device node may be missing there.
 */
export async function attach(file: string): Promise<string> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const device = (await must(["losetup", "--find"])).trim();
    if (!existsSync(device)) await must(["mknod", device, "b", "7", device.replace("/dev/loop", "")]);
    // Another process may have taken it between the two calls. Then try the next.
    if ((await run(["losetup", device, file])).code === 0) return device;
  }
  throw new Error("no free loop device");
}

/** Detaches now or, while it is mounted, at its unmount. */
export async function letGo(device: string): Promise<void> {
  await run(["losetup", "--detach", device]);
}

/** True when `file` still backs a device. */
export async function isAttached(file: string): Promise<boolean> {
  const { stdout } = await run(["losetup", "--associated", file]);
  return stdout.trim() !== "";
}
