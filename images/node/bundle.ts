// Bundles the two programs of the node image into single files that Debian's Node 20 runs. Writes nothing. Source
// patches, for a mutant, are applied in memory.

import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { build, type Plugin } from "esbuild";

const folder = import.meta.dirname;
const entries = { gate: "gate/main.ts", controller: "controller/main.ts", launcher: "oci/main.ts" } as const;
/** The programs of the reference node. */
type Program = "gate" | "controller";

/** Exact text of one source file, with its replacement. */
export interface SourcePatch {
  /** Relative to this folder, e.g. `gate/gates.ts`. */
  file: string;
  from: string;
  to: string;
}

/** The text of gate.cjs and controller.cjs. @throws what esbuild throws when a source does not build. */
export async function bundleNode(): Promise<Record<Program, string>> {
  const [gate, controller] = await Promise.all([bundle("gate"), bundle("controller")]);
  return { gate: gate.text, controller: controller.text };
}

/** The text of start-controller.cjs, for a node with the controller of another image. */
export async function bundleLauncher(): Promise<string> {
  return (await bundle("launcher")).text;
}

/**
 * The programs that `patches` change, as they are after the change.
 *
 * @throws Error for a text that its file does not hold exactly once, or a file that no program imports: the programs
 *   would be unchanged.
 */
export async function bundlePatched(patches: readonly SourcePatch[]): Promise<Partial<Record<Program, string>>> {
  const texts = await patchedSources(patches);
  const inputs = await (inputsOfPrograms ??= readInputs());
  const programs = (["gate", "controller"] as const).filter((one) => inputs[one].some((file) => texts.has(file)));
  const unused = [...texts.keys()].find((file) => programs.every((one) => !inputs[one].includes(file)));
  if (unused !== undefined) throw new Error(`no program of the node imports ${unused}`);
  const bundles = await Promise.all(programs.map((program) => bundle(program, texts)));
  return Object.fromEntries(programs.map((program, index) => [program, bundles[index]!.text]));
}

/** The source files of each program, relative to this folder. */
let inputsOfPrograms: Promise<Record<Program, string[]>> | undefined;

async function readInputs(): Promise<Record<Program, string[]>> {
  const [gate, controller] = await Promise.all([bundle("gate"), bundle("controller")]);
  return { gate: gate.inputs, controller: controller.inputs };
}

/** Text by file, relative to this folder. @throws Error for a text that its file does not hold exactly once */
export async function patchedSources(patches: readonly SourcePatch[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const { file, from, to } of patches) {
    const before = texts.get(file) ?? (await readFile(`${folder}/${file}`, "utf8"));
    const count = before.split(from).length - 1;
    if (count !== 1) throw new Error(`images/node/${file} holds this text ${count} times, not once: ${from}`);
    texts.set(
      file,
      before.replace(from, () => to),
    );
  }
  return texts;
}

async function bundle(
  program: keyof typeof entries,
  texts: ReadonlyMap<string, string> = new Map(),
): Promise<{ text: string; inputs: string[] }> {
  const result = await build({
    absWorkingDir: folder,
    entryPoints: [entries[program]],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    minify: true,
    legalComments: "none",
    logLevel: "silent",
    plugins: texts.size > 0 ? [replacing(texts)] : [],
  });
  return { text: result.outputFiles[0]!.text, inputs: Object.keys(result.metafile.inputs) };
}

function replacing(texts: ReadonlyMap<string, string>): Plugin {
  return {
    name: "patched-sources",
    setup(hooks) {
      hooks.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = texts.get(relative(folder, path));
        return contents === undefined ? undefined : { contents, loader: "ts" };
      });
    },
  };
}
