// The broken node images that are refused before a zone starts, made from a small right image. The others need a zone:
// `npm run broken-images`.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { pack } from "tar-stream";
import { HarnessError } from "#base/errors.ts";
import { readNodeContract } from "#profile/read-profile.ts";
import { checkNodeFile } from "#zone/intake/node-image.ts";
import { makeCase, type RightImage } from "./make-case.ts";
import { type BrokenCase, profileOf, readCases } from "./read-cases.ts";

let folder = "";
let right: RightImage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "triad-broken-"));
  const archive = pack();
  archive.entry({ name: "usr/sbin/init", mode: 0o755 }, "#!/bin/sh\n".repeat(10_000));
  archive.entry({ name: "sbin", type: "symlink", linkname: "usr/sbin" });
  archive.finalize();
  const content = await buffer(archive as unknown as NodeJS.ReadableStream);
  const layer = join(folder, "layer.tar");
  writeFileSync(layer, content);
  const diff = `sha256:${createHash("sha256").update(content).digest("hex")}`;
  right = {
    layer,
    config: {
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      os: "linux",
      config: { Entrypoint: ["/sbin/init"] },
      rootfs: { type: "layers", diff_ids: [diff] },
    },
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What `triad inspect` does before it needs an engine. */
async function refusalOf(one: BrokenCase): Promise<HarnessError | "taken"> {
  const [image, profile] = [join(folder, `${one.name}.tar`), join(folder, `${one.name}.yaml`)];
  writeFileSync(profile, profileOf(one));
  await makeCase(right, one, image);
  try {
    readNodeContract(profile);
    const checked = await checkNodeFile(image, () => {});
    if (checked === undefined) return new HarnessError("node-image/absent", "there is no such file");
    return "taken";
  } catch (error) {
    return HarnessError.from(error);
  }
}

const cases = readCases();

describe("a broken node image or profile", () => {
  it("has a name of its own, and there are twenty or more", () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(20);
  });

  it.each(cases.filter(({ code }) => code !== undefined))("$name is refused before a zone starts", async (one) => {
    const refusal = (await refusalOf(one)) as HarnessError;
    expect(refusal.code).toBe(one.code);
    for (const word of one.words) expect(refusal.message).toContain(word);
  });

  it.each(cases.filter(({ point }) => point !== undefined))("$name is taken, and needs a zone", async (one) => {
    const refusal = await refusalOf(one);
    // The small image has no other program.
    if (one.entrypoint === undefined) expect(refusal).toBe("taken");
    else expect(refusal).toMatchObject({ code: "node-image/no-entrypoint" });
  });
});
