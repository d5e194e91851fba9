// A small separate process that owns the embedded engine. It starts the engine and ends it when no live run uses it. So
// a harness killed by SIGKILL leaves nothing running for more than a few seconds. embedded.ts starts this process.
// Arguments: ROOT (root file system folder), INIT (embedded-init.sh).

import { spawn } from "node:child_process";
import { existsSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delay } from "#base/clock.ts";
import { removeCgroups } from "./cgroup.ts";
import { isOwnerAlive, ownerOf } from "./owner.ts";
import { enginePaths } from "./paths.ts";

const lookMs = 1_000;
/** The engine ends after this many looks in a row without a live user. A new run may start between two looks. */
const idleLooksMax = 3;

const [root, init] = process.argv.slice(2) as [string, string];
const paths = enginePaths();

function hasLiveUser(): boolean {
  if (existsSync(paths.keptMark)) return true;
  const users = existsSync(paths.users) ? readdirSync(paths.users) : [];
  for (const user of users) if (!isOwnerAlive(user)) rmSync(`${paths.users}/${user}`, { force: true });
  return users.some(isOwnerAlive);
}

const log = openSync(paths.log, "w");
// pdeathsig: when this keeper dies, unshare dies too, and with it all processes in the PID namespace.
const engine = spawn(
  "setpriv",
  [
    "--pdeathsig",
    "KILL",
    "unshare",
    "--mount",
    "--pid",
    "--net",
    "--fork",
    "--kill-child=KILL",
    "bash",
    init,
    root,
    paths.shared,
    paths.cgroupParent,
  ],
  { stdio: ["ignore", log, log] },
);
let isEnded = false;
engine.on("exit", () => (isEnded = true));
engine.on("error", () => (isEnded = true));
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
process.on("SIGTERM", () => engine.kill("SIGKILL"));
writeFileSync(paths.keeperPid, ownerOf());

for (let idleLooks = 0; !isEnded && idleLooks < idleLooksMax;) {
  await delay(lookMs);
  idleLooks = hasLiveUser() ? 0 : idleLooks + 1;
}
engine.kill("SIGKILL");
rmSync(paths.keeperPid, { force: true });
rmSync(paths.socket, { force: true });
await delay(100);
removeCgroups(paths.cgroupParent);
process.exit(0);
