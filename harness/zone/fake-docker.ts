// A Docker daemon for unit tests: containers with labels and states, and programs in them that a test plays over
// Docker's own framing of stdout and stderr. It records what was removed.

import { type Duplex, duplexPair, type PassThrough } from "node:stream";
import type Docker from "dockerode";
import { delay } from "#base/clock.ts";
import { label } from "#engine/labels.ts";

export interface FakeContainer {
  role: string;
  state: "running" | "exited" | "paused";
  pid?: number;
}

/** A program as the test plays it: its arguments, its stdin, and its two outputs. */
export interface PlayedProgram {
  argv: string[];
  stdin: Duplex;
  stdout: (text: string | Buffer) => void;
  stderr: (text: string) => void;
  end: () => void;
}

export type Play = (program: PlayedProgram) => void;

/** Containers by id. `play` is called for each program that is started in one of them. */
export class FakeDocker {
  readonly containers: Record<string, FakeContainer>;
  readonly removed: string[] = [];
  readonly #play: Play;

  constructor(containers: Record<string, FakeContainer>, play: Play = () => {}) {
    this.containers = containers;
    this.#play = play;
  }

  /** For code that takes a daemon. */
  get docker(): Docker {
    return this as unknown as Docker;
  }

  async listContainers() {
    return Object.entries(this.containers).map(([Id, { role, state }]) => ({
      Id,
      State: state,
      Labels: { [label.role]: role },
    }));
  }

  async listNetworks() {
    return [{ Id: "network" }];
  }

  async listVolumes() {
    return { Volumes: [{ Name: "volume" }] };
  }

  getContainer(id: string) {
    const state = () => this.containers[id];
    return {
      id,
      exec: async ({ Cmd }: { Cmd: string[] }) => this.#exec(Cmd),
      inspect: async () => ({
        State: { Running: state()?.state !== "exited", Pid: state()?.pid ?? 0, Status: state()?.state },
      }),
      remove: async () => void this.removed.push(id),
    };
  }

  getNetwork = (id: string) => ({ remove: async () => void this.removed.push(id) });
  getVolume = (name: string) => ({ remove: async () => void this.removed.push(name) });

  #exec(argv: string[]) {
    const [ours, theirs] = duplexPair();
    theirs.on("error", () => {});
    const frame = (stream: number) => (text: string | Buffer) => {
      const payload = Buffer.from(text);
      const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
      header.writeUInt32BE(payload.length, 4);
      theirs.write(Buffer.concat([header, payload]));
    };
    const program = { argv, stdin: theirs, stdout: frame(1), stderr: frame(2), end: () => void theirs.end() };
    const start = async () => {
      // Once the caller has attached the outputs.
      void delay(0).then(() => this.#play(program));
      return ours;
    };
    return { start, inspect: async () => ({ ExitCode: 0 }) };
  }

  readonly modem = {
    demuxStream: (from: Duplex, stdout: PassThrough, stderr: PassThrough): void => {
      let rest = Buffer.alloc(0);
      from.on("data", (chunk: Buffer) => {
        rest = Buffer.concat([rest, chunk]);
        while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32BE(4)) {
          const end = 8 + rest.readUInt32BE(4);
          (rest[0] === 1 ? stdout : stderr).write(rest.subarray(8, end));
          rest = rest.subarray(end);
        }
      });
    },
  };
}

/** A role of the agent that answers every request with `reply`. */
export function agentThatReplies(reply: (request: Record<string, unknown>) => unknown): Play {
  return ({ argv, stdin, stdout, end }) => {
    stdout(`${JSON.stringify({ ready: argv.at(-1), version: "1" })}\n`);
    stdin.once("end", end);
    stdin.on("data", (chunk: Buffer) => {
      for (const line of chunk.toString().trim().split("\n")) {
        const request = JSON.parse(line) as { id: number };
        stdout(`${JSON.stringify({ reply: request.id, value: reply({ ...request }) })}\n`);
      }
    });
  };
}
