// `triad prune`: removes what crashed runs left in the Docker daemon and on the host.

import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import { useEngine } from "#engine/engine.ts";
import { anyImage, pruneEngine, pruneHost } from "#zones/prune.ts";

export async function prune({ progress }: RunContext): Promise<Answer> {
  const step = progress.step("prune");
  await using engine = await useEngine((line) => step.update(line));
  const swept = await pruneEngine(engine, await anyImage(engine));
  const host = await pruneHost();
  step.done();
  const { containers, networks, volumes, bridges } = swept;
  const { loopDevices, files, controlGroupsLeft } = host;
  const removed = `${containers} containers, ${networks} networks, ${volumes} volumes, ${bridges} bridges`;
  const lines = [`removed ${removed}, ${loopDevices} loop devices, ${files} partial files`];
  if (controlGroupsLeft > 0) lines.push(`${controlGroupsLeft} control groups of the embedded engine are still in use`);
  return { summary: lines.join("\n"), data: { ...swept, ...host } };
}
