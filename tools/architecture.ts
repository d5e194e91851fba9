// The picture in docs/architecture.md against the code: which folders it names on which row, which folders there are,
// and which of them import which. Tests may import anything and are left out.

import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

/** A folder, or a file that lies beside folders, with its row; row 0 is at the bottom. */
export type Picture = ReadonlyMap<string, number>;

export interface FolderImport {
  from: string;
  to: string;
  /** The first file that does it. */
  file: string;
}

/** The columns of the picture, as the start of the paths in them. */
const columns = ["harness/", "images/agent/", "images/node/", ""];

/** Reads the rows: ` 5 │ zone │ client  observe │ local │ │`. A line without a number goes on with the row above. */
export function pictureOf(page: string): Picture {
  const picture = new Map<string, number>();
  let row = 0;
  for (const line of page.split("\n")) {
    const match = /^ *(\d*) *│(.*)│$/.exec(line);
    if (match === null) continue;
    if (match[1] !== "") row = Number(match[1]);
    const cells = (match[2] ?? "").split("│");
    for (const [at, column] of columns.entries()) {
      for (const name of cells[at]?.match(/\S+/g) ?? []) picture.set(column + name, row);
    }
  }
  return picture;
}

/** Every folder of ours that the picture has to show. */
export function foldersOf(): string[] {
  const files = globSync(["harness/*/**/*.*", "images/*/*/**/*", "fixtures/*/**/*.*", "{suites,tools}/*"], {
    cwd: root,
  });
  const isFolder = (path: string) => path !== "." && !path.endsWith(".ts");
  return [...new Set(files.map(placeOf))].filter(isFolder).sort();
}

/** The folder of the picture that a file belongs to; a file that lies beside folders is a place of its own. */
export function placeOf(file: string): string {
  const parts = file.split("/");
  const depth = { images: 3, harness: 2, fixtures: 2 }[parts[0] ?? ""] ?? 1;
  return parts.slice(0, depth).join("/");
}

const importing = /^(?:import|export)\b[^;]*?\bfrom "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm;

/** Imports between places. */
export function folderImports(): FolderImport[] {
  const found = new Map<string, FolderImport>();
  for (const file of sourceFiles().filter((path) => !path.endsWith(".test.ts"))) {
    for (const match of readFileSync(join(root, file), "utf8").matchAll(importing)) {
      const target = resolveImport(file, match[1] ?? match[2] ?? match[3] ?? "");
      if (target === undefined) continue;
      const [from, to] = [placeOf(file), placeOf(target)];
      if (from !== to && !to.includes("/gen/") && !found.has(`${from} ${to}`))
        found.set(`${from} ${to}`, { from, to, file });
    }
  }
  return [...found.values()];
}

/** TypeScript that is ours: not generated, and not a planted break of the import law. */
export function sourceFiles(): string[] {
  return globSync("{harness,images,suites,tools,fixtures}/**/*.ts", { cwd: root }).filter(
    (path) => !/\/(?:gen|planted)\//.test(path),
  );
}

function resolveImport(file: string, specifier: string): string | undefined {
  if (specifier.startsWith("#corpus/")) return specifier.replace("#corpus", "fixtures/corpus");
  if (specifier.startsWith("#")) return specifier.replace("#", "harness/");
  return specifier.startsWith(".") ? join(dirname(file), specifier) : undefined;
}
