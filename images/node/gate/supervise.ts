// Starts and stops the controller through its supervisor.

import { execFile } from "node:child_process";
import { paths } from "../local/paths.ts";

/** Starts the controller once: the supervisor does not start it again when it ends. */
export function startController(): Promise<boolean> {
  return run("s6-svc", ["-o", paths.rpcService], 1_000);
}

/**
 * True when the controller is certainly down. Its supervisor kills it 0.7 s after asking. `-wD` also waits for the
 * finish script, which ends the container of a controller from another image.
 */
export function stopController(): Promise<boolean> {
  return run("s6-svc", ["-wD", "-T", "1800", "-d", paths.rpcService], 2_500);
}

function run(program: string, argv: string[], timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, argv, { timeout: timeoutMs, killSignal: "SIGKILL" }, (error) => resolve(error === null));
  });
}
