// `triad exec`. A terminal needs the docker client. Without a terminal, only the output is passed on.

import { spawn } from "node:child_process";
import { HarnessError } from "#base/errors.ts";
import type { RunContext } from "#api/operations.ts";
import type { ExecOptions } from "#api/zone-options.ts";
import { isEmbeddedRunning } from "#engine/embedded.ts";
import { mustBe } from "./node-state.ts";
import { withZone } from "./with-zone.ts";

/** @returns the exit code of the program. */
export async function exec(options: ExecOptions, context: RunContext): Promise<number> {
  return withZone(options.zone, context, async (zone, _, hand) => {
    const node = zone.node(options.node);
    await mustBe(["running"], node, "exec");
    return hand.program(options.node, options.argv, async () => {
      if (process.stdin.isTTY) return execOnTerminal(node.id, options.argv);
      const { code, stdout, stderr } = await node.exec(options.argv);
      process.stdout.write(stdout);
      process.stderr.write(stderr);
      return code;
    });
  });
}

function execOnTerminal(container: string, argv: string[]): Promise<number> {
  if (!isEmbeddedRunning() && !process.env["DOCKER_HOST"])
    throw new HarnessError("engine/no-answer", "no Docker engine is running");
  const child = spawn("docker", ["exec", "-it", container, ...argv], { stdio: "inherit" });
  return new Promise<number>((resolve, reject) => {
    child.on("error", () =>
      reject(
        new HarnessError("usage/bad-value", "a terminal needs the docker client, which is not installed", {
          remedy: "Install docker-cli, or run without a terminal: ./triad exec NODE -- COMMAND </dev/null",
        }),
      ),
    );
    child.on("close", (code) => resolve(code ?? 128));
  });
}
