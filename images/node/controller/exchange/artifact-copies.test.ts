// Copies of artifacts: which facts name one, that the digest is checked, and where a missing one comes from.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Artifacts } from "../artifacts.ts";
import { ArtifactCopies, referenceIn } from "./artifact-copies.ts";
import type { PeerClient } from "./peer-client.ts";

const content = new TextEncoder().encode("hello");
const digest = createHash("sha256").update(content).digest("hex");
const place = { bucket: "b", key: "k" };
type Answer = { content: Uint8Array; digest: string } | undefined;
const peerWith = (answer: () => Answer) => ({ artifact: async () => answer() }) as unknown as PeerClient;
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown: ConnectError) => thrown.code,
  );

describe("a fact", () => {
  it("names an artifact only by its object", () => {
    expect(referenceIn(JSON.stringify({ artifact: { ...place, digest } }))).toEqual({ ...place, digest });
    expect(referenceIn(JSON.stringify({ artifact: place, more: 1 }))).toEqual(place);
    expect(referenceIn('{"artifact":"b/k"}')).toBeUndefined();
    expect(referenceIn('{"celsius":20}')).toBeUndefined();
  });
});

describe("copies of artifacts", () => {
  let artifacts: Artifacts;
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "copies-"));
    artifacts = new Artifacts(root);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("come from the peer when this node has none, and are kept", async () => {
    const copies = new ArtifactCopies(
      artifacts,
      peerWith(() => ({ content, digest })),
    );
    expect(await copies.get(place)).toEqual({ content, digest });
    expect(await artifacts.has(place)).toBe(true);
  });

  it("are not kept when the content does not match the peer's digest", async () => {
    const copies = new ArtifactCopies(
      artifacts,
      peerWith(() => ({ content, digest: "bad" })),
    );
    expect(await codeOf(copies.get(place))).toBe(Code.Unavailable);
    expect(await artifacts.has(place)).toBe(false);
  });

  it("are not found when the peer has none either, and unavailable when the peer cannot be asked", async () => {
    const none = peerWith(() => undefined);
    const away = peerWith(() => {
      throw new ConnectError("away", Code.Unavailable);
    });
    expect(await codeOf(new ArtifactCopies(artifacts, none).get(place))).toBe(Code.NotFound);
    expect(await codeOf(new ArtifactCopies(artifacts, away).get(place))).toBe(Code.Unavailable);
  });
});
