// The controller as the supervisor sees it: start it once, stop it and know that it is down.

import { execFile } from "node:child_process";
import { paths } from "../local/paths.ts";

/** Starts the controller; it is never started again when it dies. */
export function startController(): Promise<boolean> {
  return run("s6-svc", ["-o", paths.rpcService], 1_000);
}

/** True when the controller is certainly down. Its supervisor kills it 0.7 s after asking. */
export function stopController(): Promise<boolean> {
  return run("s6-svc", ["-wd", "-T", "1800", "-d", paths.rpcService], 2_500);
}

function run(program: string, argv: string[], timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, argv, { timeout: timeoutMs, killSignal: "SIGKILL" }, (error) => resolve(error === null));
  });
}
