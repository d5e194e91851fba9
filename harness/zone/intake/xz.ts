// Unpacks an xz file with the xz program of this machine: Node has no xz.

import { spawn } from "node:child_process";
import { PassThrough, type Readable } from "node:stream";
import { HarnessError } from "#base/errors.ts";

/** The unpacked content. It fails with `node-image/damaged`, or `node-image/no-tool` when the machine has no xz. */
export function unpackedXz(path: string): Readable {
  const child = spawn("xz", ["-dc", "--memlimit-decompress=1GiB", path], { stdio: ["ignore", "pipe", "pipe"] });
  const out = new PassThrough();
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (complaint = (complaint + chunk).slice(-300)));
  child.on("error", () =>
    out.destroy(new HarnessError("node-image/no-tool", "this machine has no program xz to unpack the file")),
  );
  child.stdout.pipe(out, { end: false });
  child.on("close", (code) => {
    if (code === 0) out.end();
    else out.destroy(new HarnessError("node-image/damaged", `the node image cannot be unpacked: ${complaint.trim()}`));
  });
  out.on("close", () => child.kill("SIGKILL"));
  return out;
}
