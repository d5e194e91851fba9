// Which snapshot folders may be restored: only those whose files match the manifest. Without a zone.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { manifestName, type SnapshotManifest, snapshotFormat } from "#spec/snapshot.ts";
import { verifySnapshot } from "./verify-snapshot.ts";

const content = "what a server sent";
const figures = { messages: 2, bytes: 40, firstSeq: 1, lastSeq: 2 };
const stream: SnapshotManifest["streams"][number] = {
  name: "facts_operational",
  file: "facts_operational.snapshot",
  bytes: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
  config: { name: "facts_operational" },
  before: figures,
  after: figures,
  consumers: [],
};
const manifest: SnapshotManifest = {
  format: snapshotFormat,
  zoneId: "plant-a-bsfg",
  takenAt: "2026-01-01T00:00:00.000Z",
  server: "2.10.27",
  streams: [stream],
};

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "triad-snapshot-"));
  writeFileSync(join(folder, stream.file), content);
});
afterEach(() => rmSync(folder, { recursive: true }));

const withManifest = (text: string) => writeFileSync(join(folder, manifestName), text);
const withEntry = (entry: object) => withManifest(JSON.stringify({ ...manifest, streams: [entry] }));

describe("a snapshot's folder", () => {
  it("is taken when each file has the digest that the manifest names", async () => {
    withManifest(JSON.stringify(manifest));
    expect(await verifySnapshot(folder)).toEqual(manifest);
  });

  it("is refused when it is none", async () => {
    await expect(verifySnapshot(folder)).rejects.toMatchObject({ code: "usage/not-snapshot" });
    await expect(verifySnapshot(join(folder, "nowhere"))).rejects.toMatchObject({
      code: "usage/not-snapshot",
      message: expect.stringContaining("there is no folder"),
    });
  });

  it("is refused when one byte of a file is another", async () => {
    withManifest(JSON.stringify(manifest));
    writeFileSync(join(folder, stream.file), content.replace("w", "W"));
    await expect(verifySnapshot(folder)).rejects.toMatchObject({
      code: "snapshot/damaged",
      expected: `${content.length} bytes, SHA-256 ${stream.sha256}`,
    });
  });

  it("is refused when a file is cut short or gone", async () => {
    withManifest(JSON.stringify(manifest));
    writeFileSync(join(folder, stream.file), content.slice(1));
    await expect(verifySnapshot(folder)).rejects.toMatchObject({ code: "snapshot/damaged" });
    rmSync(join(folder, stream.file));
    await expect(verifySnapshot(folder)).rejects.toMatchObject({
      code: "snapshot/damaged",
      message: expect.stringContaining("there is no such file"),
    });
  });

  it.each([
    ["is no JSON", "{"],
    ["has another format", JSON.stringify({ ...manifest, format: "triad-snapshot/2" })],
    ["names no stream", JSON.stringify({ ...manifest, streams: [] })],
    ["is null", "null"],
  ])("is refused when its manifest %s", async (_, text) => {
    withManifest(text);
    await expect(verifySnapshot(folder)).rejects.toMatchObject({ code: "snapshot/damaged" });
  });

  it.each([
    ["a file outside of the folder", { file: "../facts" }],
    ["a name that is no stream's", { name: "facts.>" }],
    ["no digest", { sha256: "" }],
    ["no figures", { before: {} }],
    ["no configuration", { config: null }],
  ])("is refused when an entry has %s", async (_, wrong) => {
    withEntry({ ...stream, ...wrong });
    await expect(verifySnapshot(folder)).rejects.toMatchObject({ code: "snapshot/damaged" });
  });
});
