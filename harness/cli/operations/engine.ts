// `triad engine up|down|status`: the embedded Docker engine.

import type { Answer } from "#api/answers.ts";
import type { RunContext } from "#api/operations.ts";
import { isEmbeddedRunning, keepEmbedded, stopEmbedded } from "#engine/embedded.ts";
import { useEngine } from "#engine/engine.ts";
import { enginePaths } from "#engine/paths.ts";

export async function engineUp({ progress }: RunContext): Promise<Answer> {
  const step = progress.step("engine");
  await using engine = await useEngine((line) => step.update(line));
  if (engine.kind === "embedded") keepEmbedded("engine up");
  step.done();
  const kept = engine.kind === "embedded" ? "; stop it with: ./triad engine down" : "";
  return {
    summary: `${engine.kind} engine ${engine.version} is running at ${engine.host}${kept}`,
    data: { kind: engine.kind, host: engine.host, version: engine.version },
  };
}

export async function engineDown(): Promise<Answer> {
  const isGone = await stopEmbedded();
  const summary = isGone
    ? "the embedded engine is stopped"
    : "a run is using the embedded engine; it stops when that run ends";
  return { summary, data: { isGone } };
}

export async function engineStatus(): Promise<Answer> {
  const isRunning = isEmbeddedRunning();
  const { socket } = enginePaths();
  const dockerHost = process.env["DOCKER_HOST"];
  const embedded = isRunning
    ? `the embedded engine is running at unix://${socket}`
    : "the embedded engine is not running";
  return {
    summary: dockerHost ? `DOCKER_HOST is ${dockerHost}; ${embedded}` : embedded,
    data: { isRunning, socket, dockerHost: dockerHost ?? null },
  };
}
