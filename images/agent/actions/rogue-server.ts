// Runs a nats-server on the client host that is not one of the zone. It is a copy of a node's own binary, so it has the
// same version. Its configuration comes with the request; its log shows what happened at the routes.

import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { RogueServerState, StartRogueServerRequest } from "#protocol/commands/server.ts";
import { answersTo } from "#spec/program.ts";
import { contract } from "../namespace/contract.ts";
import { readProcess } from "../observe/contained.ts";
import { processesBelow } from "../observe/tree.ts";
import { follow } from "../namespace/programs.ts";

const folder = "/run/triad/rogue-server";

/** Log lines of nats-server 2.10: a route connection, and a refusal on one. */
const metShape = /(\d+\.\d+\.\d+\.\d+):\d+ - rid:\d+ - Route connection created/;
const refusedShape = /(\d+\.\d+\.\d+\.\d+):\d+ - rid:\d+ - Route Error '([^']*)'/;

export type RouteOutcomes = Pick<RogueServerState, "met" | "refused">;

/** Adds what one log line says. A refused server tries hundreds of times a second, so each fact is kept once. Pure. */
export function withLine(outcomes: RouteOutcomes, line: string): RouteOutcomes {
  const to = metShape.exec(line)?.[1];
  if (to && !outcomes.met.includes(to)) return { ...outcomes, met: [...outcomes.met, to].sort() };
  const [, from, words] = refusedShape.exec(line) ?? [];
  if (from && words && outcomes.refused[from] !== words)
    return { ...outcomes, refused: { ...outcomes.refused, [from]: words } };
  return outcomes;
}

export class RogueServer {
  #running: ReturnType<typeof follow> | undefined;
  #outcomes: RouteOutcomes = { met: [], refused: {} };
  /** How it ended, if it did. */
  #end: string | undefined;

  /** @throws when one is already running, or the node runs no nats-server to copy */
  start({ pid, config }: StartRogueServerRequest): void {
    if (this.#running) throw new Error("a rogue server is already running");
    const server = processesBelow(pid).find((one) => isServer(one, pid));
    if (server === undefined) throw new Error("the node runs no nats-server");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    copyFileSync(`/proc/${server}/exe`, `${folder}/nats-server`);
    writeFileSync(`${folder}/nats.conf`, config.replaceAll("__STORE__", `${folder}/store`));
    this.#outcomes = { met: [], refused: {} };
    this.#end = undefined;
    // It logs to stderr, of which `follow` keeps only the end.
    const argv = ["sh", "-c", `exec ${folder}/nats-server -c ${folder}/nats.conf 2>&1`];
    const running = follow(argv, (line) => (this.#outcomes = withLine(this.#outcomes, line)));
    void running.ended.then((why) => (this.#end = why));
    this.#running = running;
  }

  state(): RogueServerState {
    return { ...this.#outcomes, end: this.#end ?? null };
  }

  /** Idempotent. Removes its files. Returns when it has ended. */
  async stop(): Promise<{ end: string }> {
    this.#running?.stop();
    const end = (await this.#running?.ended) ?? "none was running";
    this.#running = undefined;
    rmSync(folder, { recursive: true, force: true });
    return { end };
  }
}

/** False for a process that has ended. */
function isServer(pid: number, nodePid: number): boolean {
  try {
    return answersTo("nats-server", readProcess(pid, nodePid), contract.programs);
  } catch {
    return false;
  }
}
