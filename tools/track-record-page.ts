// The page docs/track-record.md: each incident file with its source, the verdicts that it expects, and what its last
// recorded replay gave.

import { globSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ScenarioHead } from "../harness/scenario-file/head-shape.ts";
import { readScenario } from "../harness/scenario-file/read-scenario.ts";

const root = resolve(import.meta.dirname, "..");
const folder = "fixtures/incidents";

interface Incident {
  name: string;
  head: ScenarioHead;
}

export function incidents(): Incident[] {
  const files = globSync(`${folder}/*.yaml`, { cwd: root }).sort();
  return files.map((path) => {
    const { name, file } = readScenario(join(root, path));
    return { name, head: file.head };
  });
}

export function trackRecordPage(all: readonly Incident[]): string {
  const recorded = all.filter(({ head }) => head.record);
  const intro =
    `Incidents from public threads and from the field, as [scenario files](scenario-files.md). There are ${all.length}, and ` +
    `${recorded.length} have a recorded replay on the reference zone. A share of runs stands with its 95% interval. An\n` +
    "entry without an expected verdict is left out here where it was kept in every run.\n\n" +
    "Record one: `./triad replay fixtures/incidents/NAME.yaml --repeat 10 --record`, then `npm run docs`.";
  return `${intro}\n\n${all.map(section).join("\n\n")}\n\n${withoutFile}\n`;
}

/** Known incidents that no file here replays, and why. */
const withoutFile = `## Without a file

Six incidents from public threads have no file.

| source | what happens | why there is no file |
| --- | --- | --- |
| docker/cli issue 5861 | Docker 28 gives the interfaces of macvlan networks random MACs | it is about the engine, which a scenario cannot change; the harness names each MAC, and its unit tests hold that |
| containerd issues 6659 and 10083 | an engine inside a container fails under nested control groups | it is about the engine, not the zone; \`triad doctor\` does not find this one |
| testcontainers-java issue 7177; Podman | Podman refuses internal macvlan networks, and SELinux needs a label | it is about the engine |
| moby issue 31735; for-linux issue 652 | the Docker daemon inside a node restarts | the reference node runs no engine |
| nats-server issues 7545, 7561, 7602 and 6815 | an operator removes a server from the cluster while it is in a minority | no fault removes a server that still runs |
| nats-server issues 7556, 6188 and 4410 | rot in the state of a group makes a server delete a stream | \`rot\` damages the blocks of facts only |`;

function section({ name, head }: Incident): string {
  const lines = [
    `## ${name}`,
    "",
    `[${head.title}](../${folder}/${name}.yaml)`,
    "",
    ...(head.source ? [`- source: ${head.source}`] : []),
    ...(head.note ? [`- ${head.note}`] : []),
    ...recordLines(head),
  ];
  return lines.join("\n");
}

function recordLines({ record, expect = {} }: ScenarioHead): string[] {
  const expected = new Map(
    (["kept", "broken", "unknown"] as const).flatMap((verdict) => (expect[verdict] ?? []).map((id) => [id, verdict])),
  );
  if (!record)
    return [
      `- expected: ${[...expected].map(([id, verdict]) => `${id} ${verdict}`).join(", ")}`,
      "- no recorded replay",
    ];
  const told = Object.entries(record.entries).filter(([id, words]) => expected.has(id) || !/^kept [^,]*$/.test(words));
  return [
    `- last replay: ${record.on}, ${record.runs} ${record.runs === 1 ? "run" : "runs"} of ${record.wallS} s`,
    "",
    "| entry | expected | seen |",
    "| --- | --- | --- |",
    ...told.map(([id, words]) => `| ${id} | ${expected.get(id) ?? "-"} | ${words} |`),
  ];
}
