// Steps "snapshot" and "restore" on a fake zone: the bytes go into the scenario's folder and back.

import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { type FakeContext, fakeContext, marksOf } from "#scenario/fakes/fake-context.ts";
import { FakeZone } from "#scenario/fakes/fake-zone.ts";
import { takeStep } from "../registry.ts";

const name = "facts_operational";
const content = Buffer.from("messages as a server packs them");
const figures = { messages: 2, bytes: 40, firstSeq: 1, lastSeq: 2 };
const config = { name, num_replicas: 3 };

let folder = "";
let context: FakeContext;
/** Bytes that the zone was given. */
let given = "";

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "triad-steps-"));
  given = "";
  const spec = { snapshot: { streams: [name], hasConsumers: false } };
  context = await fakeContext(new FakeZone({ spec }), { folder });
  serve(context.fake);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One stream: empty until it is given back. */
function serve(fake: FakeZone): void {
  const state = () => ({ messages: given ? 2 : 0, bytes: 40, first_seq: 1, last_seq: given ? 2 : 0 });
  const cluster = { leader: "alpha", replicas: ["beta", "gamma"].map((one) => ({ name: one, current: true })) };
  fake.answers["ask-store"] = ({ api }) => ({
    answer: api.startsWith("STREAM.DELETE") ? { success: true } : { config, cluster, state: state() },
  });
  fake.answers["ask-monitor"] = () => ({
    answer: { account_details: [{ stream_detail: [{ name, state: state() }] }] },
  });
  fake.transfer = async (_, options) => {
    if ("to" in options) {
      options.to.end(content);
      return { bytes: content.length, config, before: figures, after: figures, server: "2.10.27" };
    }
    for await (const chunk of options.from) given += String(chunk);
    return { figures };
  };
}

describe("snapshot and restore", () => {
  it("put the bytes into the folder and back, and leave the manifest", async () => {
    await takeStep(context, { step: "snapshot" });
    expect(readdirSync(join(folder, "snapshot")).sort()).toEqual([`${name}.snapshot`, "manifest.json"].sort());
    await takeStep(context, { step: "restore" });
    expect(given).toBe(String(content));
    expect(readdirSync(join(folder, "snapshot"))).toEqual(["manifest.json"]);
    expect(marksOf(context, "snapshot")).toMatchObject([{ server: "2.10.27", streams: [{ name, consumers: 0 }] }]);
    expect(marksOf(context, "restored")).toMatchObject([{ messages: 2, bytes: content.length }]);
  });

  it("mark a snapshot that cannot be restored: it is a finding, and its files stay", async () => {
    await takeStep(context, { step: "snapshot" });
    const file = join(folder, "snapshot", `${name}.snapshot`);
    writeFileSync(file, "other bytes");
    await takeStep(context, { step: "restore" });
    expect(marksOf(context, "restored")).toEqual([
      { isTimedOut: true, saw: expect.stringMatching(/^\[snapshot\/damaged\] /) },
    ]);
    expect(existsSync(file)).toBe(true);
  });

  it("are trouble where the scenario took no snapshot", async () => {
    await expect(takeStep(context, { step: "restore" })).rejects.toMatchObject({ code: "usage/not-snapshot" });
  });
});
