// A proxy into a node's network namespace: a port on the agent's loopback that leads to a port on the node's loopback.
// A small program in that namespace carries each connection, and ends with it. Nothing of ours may stay there between
// two queries: a process or a socket would keep the namespace, and so the addresses, of a node that died.

import { spawn } from "node:child_process";
import { createServer, type Server, type Socket } from "node:net";
import { inNet } from "./programs.ts";

/** bash opens the connection; two cats carry it. Costs 6 ms of a core; a Node program would cost 300 ms. */
const carrier = (port: number) => ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}; cat <&3 & exec cat >&3`];

export class LoopbackProxy implements Disposable {
  readonly port: number;
  readonly #server: Server;
  readonly #carried: Set<() => void>;

  private constructor(server: Server, carried: Set<() => void>) {
    this.#server = server;
    this.#carried = carried;
    this.port = (server.address() as { port: number }).port;
  }

  /** Leads to `127.0.0.1:port` of the node whose first process is `pid`. */
  static async open(pid: number, port: number): Promise<LoopbackProxy> {
    const carried = new Set<() => void>();
    const server = createServer((socket) => carry(socket, inNet(pid, carrier(port)), carried));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(0, "127.0.0.1", resolve);
    });
    return new LoopbackProxy(server, carried);
  }

  [Symbol.dispose](): void {
    this.#server.close();
    for (const end of this.#carried) end();
  }
}

/** Joins a connection to a program's input and output. The end of one ends the other. */
function carry(socket: Socket, argv: string[], carried: Set<() => void>): void {
  const [file, ...args] = argv;
  const child = spawn(file!, args, { stdio: ["pipe", "pipe", "ignore"], detached: true });
  const end = () => {
    carried.delete(end);
    socket.destroy();
    // The process group: both cats.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(child.pid);
  };
  carried.add(end);
  child.on("error", end).on("exit", end);
  child.stdin.on("error", end);
  socket.on("error", end).on("close", end);
  socket.pipe(child.stdin);
  child.stdout.pipe(socket);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
