// Makes the agent's single file for Debian's Node 20. Used when the image is built; it starts nothing.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The text of agent.cjs, to be copied to /opt/triad/agent.cjs. */
export async function bundleAgent(): Promise<string> {
  const { version } = JSON.parse(await readFile(here("../../package.json"), "utf8")) as { version: string };
  const result = await build({
    entryPoints: [here("./main.ts")],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "silent",
    define: { TRIAD_VERSION: JSON.stringify(version) },
  });
  return result.outputFiles[0]!.text;
}
