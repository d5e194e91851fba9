// Artifacts on a folder of this machine: round trip, typed not-found, names that may not leave the folder.

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, type ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { Artifacts } from "./artifacts.ts";

const content = new TextEncoder().encode("hello");
const digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown: ConnectError) => thrown.code,
  );

describe("artifacts", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "artifacts-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("gives back what was put, with its digest, and leaves no temporary file", async () => {
    const artifacts = new Artifacts(root);
    expect(await artifacts.put({ bucket: "b", key: "k", content })).toEqual({
      bucket: "b",
      key: "k",
      digest,
      size: 5n,
    });
    expect(await artifacts.get({ bucket: "b", key: "k" })).toEqual({ content, digest });
    expect(readdirSync(join(root, "b"))).toEqual(["k"]);
  });

  it("answers not_found for an artifact that is not on this node", async () => {
    expect(await codeOf(new Artifacts(root).get({ bucket: "b", key: "k" }))).toBe(Code.NotFound);
  });

  it.each(["..", "../x", "a/b", ".hidden", ""])("refuses the name %j", async (name) => {
    expect(await codeOf(new Artifacts(root).put({ bucket: name, key: "k", content }))).toBe(Code.InvalidArgument);
    expect(await codeOf(new Artifacts(root).get({ bucket: "b", key: name }))).toBe(Code.InvalidArgument);
  });

  it("does not make the storage when it is gone", async () => {
    rmSync(root, { recursive: true });
    expect(await codeOf(new Artifacts(root).put({ bucket: "b", key: "k", content }))).toBe(Code.Unavailable);
  });
});
