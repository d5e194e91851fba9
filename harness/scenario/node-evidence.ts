// The logs and the configuration of every node, written beside the history. Keys are left out.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeNames } from "#spec/node.ts";
import type { StartedZone } from "#zone/zone.ts";
import type { Stage } from "./stage.ts";

export async function writeNodeEvidence({ own, peer }: Stage, folder: string): Promise<void> {
  await writeNodes(own.zone, (name) => join(folder, name));
  if (peer) await writeNodes(peer.zone, (name) => join(folder, `peer-${name}`));
}

async function writeNodes(zone: StartedZone, pathOf: (name: string) => string): Promise<void> {
  const logs = await zone.logs().catch((): Record<string, string> => ({}));
  for (const name of nodeNames) {
    if (logs[name] !== undefined) writeFileSync(pathOf(`${name}.log`), logs[name]);
    const texts = zone.plan.nodes[name].files.filter((one) => !isCertificate(zone, one.path));
    writeFileSync(pathOf(`${name}.conf.txt`), texts.map((one) => `# ${one.path}\n${one.text}\n`).join("\n"));
  }
}

/** Keys above all: evidence is handed round. */
function isCertificate({ plan }: StartedZone, path: string): boolean {
  const { certificate, key, ca, peerCa } = plan.contract.certificates;
  return [certificate, key, ca, peerCa].includes(path);
}
