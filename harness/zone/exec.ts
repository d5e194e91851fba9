// A program inside a container, to its end or as live streams. Costs about 60 ms a call: never poll through it.

import { type Duplex, PassThrough } from "node:stream";
import { text as readText } from "node:stream/consumers";
import type Docker from "dockerode";
import { withDeadline } from "#base/poll.ts";

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A container and the daemon that runs it. */
export interface InContainer {
  docker: Docker;
  container: Docker.Container;
}

export interface RunningProgram {
  exec: Docker.Exec;
  /** Its stdin, when it has one. Destroying the stream lets go of the program. */
  stream: Duplex;
  /** Both end when the program does. */
  stdout: PassThrough;
  stderr: PassThrough;
}

const execDeadlineMs = 60_000;

/** Starts `argv` with its output attached, and its stdin if `hasInput`. */
export async function startProgram(
  { docker, container }: InContainer,
  argv: string[],
  hasInput: boolean,
): Promise<RunningProgram> {
  const options = { Cmd: argv, AttachStdin: hasInput, AttachStdout: true, AttachStderr: true };
  const exec = await container.exec(options);
  const stream = await exec.start({ hijack: true, stdin: hasInput });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  const end = () => (stdout.end(), stderr.end());
  stream.on("end", end).on("close", end).on("error", end);
  return { exec, stream, stdout, stderr };
}

/** Runs `argv` to its end. @throws HarnessError `wait/timeout` after a minute. */
export async function execInside(docker: Docker, container: Docker.Container, argv: string[]): Promise<ExecResult> {
  const { exec, stdout, stderr } = await startProgram({ docker, container }, argv, false);
  const [out, err] = await withDeadline(Promise.all([readText(stdout), readText(stderr)]), {
    what: `"${argv.join(" ").slice(0, 80)}" to end`,
    deadlineMs: execDeadlineMs,
  });
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? 128, stdout: out, stderr: err };
}
