// A nats-server that is none of the zone's three, on the client host: a copy of a node's own binary, so that its
// version is theirs. What it is told (name, routes) comes with the request; what it met at the routes is read from its
// log.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { RogueServerState, StartRogueServerRequest } from "#protocol/commands/server.ts";
import { processesBelow } from "../observe/tree.ts";
import { follow } from "../namespace/programs.ts";

const folder = "/run/triad/stranger";

/** A route that came about, and what was said to it there. Words of nats-server 2.10. */
const metShape = /(\d+\.\d+\.\d+\.\d+):\d+ - rid:\d+ - Route connection created/;
const refusedShape = /(\d+\.\d+\.\d+\.\d+):\d+ - rid:\d+ - Route Error '([^']*)'/;

export type Meeting = Pick<RogueServerState, "met" | "refused">;

/** `meeting` with what one line of the log adds. It knocks hundreds of times a second where it is refused. Pure. */
export function withLine(meeting: Meeting, line: string): Meeting {
  const to = metShape.exec(line)?.[1];
  if (to && !meeting.met.includes(to)) return { ...meeting, met: [...meeting.met, to].sort() };
  const [, from, words] = refusedShape.exec(line) ?? [];
  if (from && words && meeting.refused[from] !== words)
    return { ...meeting, refused: { ...meeting.refused, [from]: words } };
  return meeting;
}

export class RogueServer {
  #running: ReturnType<typeof follow> | undefined;
  #meeting: Meeting = { met: [], refused: {} };
  /** How it ended, when it did. */
  #end: string | undefined;

  /** @throws when one runs already, or the node runs no nats-server to copy. */
  start({ pid, config }: StartRogueServerRequest): void {
    if (this.#running) throw new Error("a stranger runs already");
    const server = processesBelow(pid).find((one) => basename(programOf(one)) === "nats-server");
    if (server === undefined) throw new Error("the node runs no nats-server");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    copyFileSync(`/proc/${server}/exe`, `${folder}/nats-server`);
    writeFileSync(`${folder}/nats.conf`, config.replaceAll("__STORE__", `${folder}/store`));
    this.#meeting = { met: [], refused: {} };
    this.#end = undefined;
    // It logs to stderr, of which `follow` keeps the end only.
    const argv = ["sh", "-c", `exec ${folder}/nats-server -c ${folder}/nats.conf 2>&1`];
    const running = follow(argv, (line) => (this.#meeting = withLine(this.#meeting, line)));
    void running.ended.then((why) => (this.#end = why));
    this.#running = running;
  }

  state(): RogueServerState {
    return { ...this.#meeting, end: this.#end ?? null };
  }

  /** Idempotent; what it had written goes too. Returns when it is gone. */
  async stop(): Promise<{ end: string }> {
    this.#running?.stop();
    const end = (await this.#running?.ended) ?? "none was running";
    this.#running = undefined;
    rmSync(folder, { recursive: true, force: true });
    return { end };
  }
}

/** Its first argument; empty when it went meanwhile. */
function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] ?? "";
  } catch {
    return "";
  }
}
