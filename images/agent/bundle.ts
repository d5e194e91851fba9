// Bundles the agent's two files for Debian's Node 20. The image build uses it.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The texts of agent.cjs and stock.cjs, which go to /opt/triad. */
export async function bundleAgent(): Promise<{ agent: string; stock: string }> {
  const { version } = JSON.parse(await readFile(here("../../package.json"), "utf8")) as { version: string };
  const [agent, stock] = await Promise.all([bundle("./main.ts", version), bundle("./stock/main.ts", version)]);
  return { agent, stock };
}

async function bundle(entry: string, version: string): Promise<string> {
  const result = await build({
    entryPoints: [here(entry)],
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
