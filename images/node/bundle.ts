// Bundles the two programs of the node image into single files that Debian's Node 20 runs. Writes nothing.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The text of gate.cjs and controller.cjs. @throws what esbuild throws when a source does not build. */
export async function bundleNode(): Promise<{ gate: string; controller: string }> {
  const [gate, controller] = await Promise.all([bundle("gate/main.ts"), bundle("controller/main.ts")]);
  return { gate, controller };
}

async function bundle(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    legalComments: "none",
    logLevel: "silent",
  });
  return result.outputFiles[0]!.text;
}
