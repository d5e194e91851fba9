// The actuator's commands on a node's storage.

import type { HandlersOf } from "#protocol/commands.ts";
import type { StorageCommands } from "#protocol/commands/storage.ts";
import { setDiskFull, setDiskSlow } from "../actions/disk.ts";
import { countDisks, makeStores } from "../actions/make-stores.ts";
import { flushFolders, powerBack } from "../actions/power-back.ts";
import { powerOff } from "../actions/power.ts";
import { rotBlock } from "../actions/rot.ts";
import { setStorage } from "../actions/storage.ts";
import { wipeFolders } from "../actions/wipe.ts";

export const storageHandlers: HandlersOf<keyof StorageCommands> = {
  storage: setStorage,
  "disk-full": setDiskFull,
  "disk-slow": setDiskSlow,
  rot: rotBlock,
  wipe: wipeFolders,
  "make-stores": makeStores,
  "power-off": powerOff,
  "power-back": powerBack,
  flush: flushFolders,
  "count-disks": countDisks,
};
