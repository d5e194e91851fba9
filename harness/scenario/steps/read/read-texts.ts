// Step "read-texts": which texts claim that a zone can be recovered to any instant, as `texts` events. It reads the
// help, the pages, the manifest of the scenario's snapshot, and the texts on the nodes. Whether a claim is allowed is
// the checker's to say.

import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nowNs } from "#base/clock.ts";
import { repository } from "#base/repository.ts";
import { type NodeName, nodeNames } from "#spec/node.ts";
import { manifestName } from "#spec/snapshot.ts";
import { candidatePattern, instantClaims } from "#scenario/instant-claims.ts";
import type { StepContext } from "#scenario/step-context.ts";
import { snapshotFolder } from "../act/snapshot.ts";

declare module "#spec/steps.ts" {
  interface StepShapes {
    /** Searches the texts of the project and of its nodes for a claim of recovery to any instant. */
    "read-texts": object;
  }
}

const grepTimeoutMs = 20_000;

interface Text {
  place: string;
  text: string;
}

export async function readTexts(context: StepContext): Promise<void> {
  const [help, others] = [pages().filter(isHelp), pages().filter((page) => !isHelp(page))];
  report(context, "help", { texts: help });
  report(context, "docs", { texts: others });
  const manifest = join(snapshotFolder(context), manifestName);
  if (existsSync(manifest))
    report(context, "manifest", { texts: [{ place: manifestName, text: readFileSync(manifest, "utf8") }] });
  const { texts } = context.zone.plan.contract;
  if (texts === null) return;
  for (const node of nodeNames.filter((name) => context.zone.node(name).isUp)) {
    report(context, node, await textsOn(context, node, texts));
  }
}

function report(
  { history }: StepContext,
  kind: string,
  { texts, read = texts.length }: { texts: Text[]; read?: number },
): void {
  const found = texts.map(({ place, text }) => ({ place, ...instantClaims(text) }));
  const claims = found.flatMap(({ place, claims: sentences }) => sentences.map((sentence) => ({ place, sentence })));
  const denials = found.reduce((sum, one) => sum + one.denials, 0);
  history.record({ t: nowNs(), type: "texts", kind, read, claims, denials });
}

/** The page that holds what `--help` prints for each command. A test keeps it fresh. */
function isHelp({ place }: Text): boolean {
  return place === "docs/command-line.md";
}

/** Every page of this repository. */
function pages(): Text[] {
  const paths = globSync(["*.md", "{docs,harness,images,fixtures,suites}/**/*.md"], { cwd: repository });
  return paths.map((place) => ({ place, text: readFileSync(join(repository, place), "utf8") }));
}

/** Lines of a node's text files that speak of any instant, found by the agent's own grep: the node may have none. */
async function textsOn(
  { zone }: StepContext,
  node: NodeName,
  nodeFolder: string,
): Promise<{ texts: Text[]; read: number }> {
  const root = `/proc/${zone.node(node).pid}/root${nodeFolder}`;
  const find = `find ${root} -type f | wc -l`;
  const grep = `grep -rIiE '${candidatePattern}' ${root} || true`;
  const { stdout } = await zone.askNode(node, {
    do: "run-inside",
    namespaces: ["net"],
    argv: ["sh", "-c", `${find}; ${grep}`],
    timeoutMs: grepTimeoutMs,
  });
  const [count, ...lines] = stdout.trim().split("\n");
  const texts = lines.map((line) => {
    const at = line.indexOf(":");
    return { place: line.slice(root.length - nodeFolder.length, at), text: line.slice(at + 1) };
  });
  return { texts, read: Number(count) };
}
