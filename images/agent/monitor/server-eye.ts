// The monitor's end of the child that stands in a node's network namespace. It starts the child, asks it, and gives up
// on an answer that is late; it never makes one up.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { encodeLine, LineDecoder } from "#wire/codec.ts";
import type { ServerLook } from "#wire/monitor-look.ts";
import { inNet } from "../hand/inside.ts";
import type { ServerAnswer } from "./server-child.ts";

/** Over the child's own time-out: the way there and back on a busy core. */
const graceMs = 200;

export class ServerEye {
  readonly pid: number;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (look: ServerLook) => void>();
  #nextId = 1;
  #end: string | undefined;

  constructor(pid: number) {
    this.pid = pid;
    const [file, ...args] = inNet(pid, [process.execPath, process.argv[1]!, "monitor-child"]);
    this.#child = spawn(file!, args, { stdio: "pipe" });
    const decoder = new LineDecoder<ServerAnswer>((line) => process.stderr.write(`monitor-child: ${line}\n`));
    this.#child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      for (const { id, look } of decoder.push(chunk)) this.#waiting.get(id)?.(look);
    });
    this.#child.stdin.on("error", () => {});
    this.#child.stderr.on("data", (chunk: Buffer) => process.stderr.write(chunk));
    this.#child.on("error", (error) => this.#over(error.message));
    this.#child.on("close", (code, signal) => this.#over(`the look inside ended (${signal ?? code})`));
  }

  /** Its child ended; a new eye may do better. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  async look(timeoutMs: number): Promise<ServerLook> {
    if (this.#end !== undefined) return { error: this.#end };
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const settle = (look: ServerLook) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(look);
      };
      const timer = setTimeout(() => settle({ error: `no answer in ${timeoutMs} ms` }), timeoutMs + graceMs);
      this.#waiting.set(id, settle);
      this.#child.stdin.write(encodeLine({ id, timeoutMs }));
    });
  }

  close(): void {
    this.#child.kill("SIGKILL");
  }

  #over(why: string): void {
    this.#end ??= why;
    for (const settle of this.#waiting.values()) settle({ error: this.#end });
  }
}
