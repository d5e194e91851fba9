// Paths of the cache: one folder of the user, and nothing elsewhere on the host.

import { homedir } from "node:os";
import { join } from "node:path";
import { embeddedChoice, folderOf } from "./embedded-choice.ts";

/** `TRIAD_CACHE`, else the folder "triad" in the XDG cache folder or in ~/.cache. */
export function cacheFolder(): string {
  if (process.env["TRIAD_CACHE"]) return process.env["TRIAD_CACHE"];
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "triad");
}

/** Folders and files of the embedded engine under the cache folder. */
export function enginePaths() {
  const choice = embeddedChoice();
  const folder = join(cacheFolder(), folderOf(choice));
  return {
    folder,
    cgroupParent: choice.cgroupParent,
    /** Bind-mounted at /triad inside the engine: the socket and the data root. */
    shared: join(folder, "shared"),
    socket: join(folder, "shared", "docker.sock"),
    /** One file for each live run. Its name is the owner. */
    users: join(folder, "users"),
    /** Exists while something keeps the engine running, and names it. */
    keptMark: join(folder, "users", "kept"),
    keeperPid: join(folder, "keeper.pid"),
    log: join(folder, "dockerd.log"),
    lock: join(folder, "lock"),
  };
}
