// A program inside a container, to its end or as a live stream. Costs about 60 ms a call: never poll through it.

import { PassThrough } from "node:stream";
import { text as readText } from "node:stream/consumers";
import type Docker from "dockerode";
import { withDeadline } from "#base/poll.ts";

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
}

const execDeadlineMs = 60_000;

/** Runs `argv` to its end. @throws HarnessError `wait/timeout` after a minute. */
export async function execInside(docker: Docker, container: Docker.Container, argv: string[]): Promise<ExecResult> {
  const exec = await container.exec({ Cmd: argv, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: false });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  stream.on("end", () => (stdout.end(), stderr.end()));
  stream.on("close", () => (stdout.end(), stderr.end()));
  const what = `"${argv.join(" ").slice(0, 80)}" to end`;
  const [out, err] = await withDeadline(Promise.all([readText(stdout), readText(stderr)]), {
    what,
    deadlineMs: execDeadlineMs,
  });
  const { ExitCode } = await exec.inspect();
  return { code: ExitCode ?? 128, stdout: out, stderr: err };
}
