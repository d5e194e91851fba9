// The base of the images. A base that was named and does not exist is an error: the verdict would be about another one.

import { afterEach, describe, expect, it } from "@jest/globals";
import type { Engine } from "#engine/engine.ts";
import { findBase } from "./ensure-images.ts";

const absent = () => Promise.reject(Object.assign(new Error("no such image"), { statusCode: 404 }));
const engine = {
  kind: "embedded",
  docker: { getImage: () => ({ inspect: absent }), pull: absent },
} as unknown as Engine;

describe("TRIAD_BASE", () => {
  afterEach(() => void delete process.env["TRIAD_BASE"]);

  it("must be an image that the daemon has or can get", async () => {
    process.env["TRIAD_BASE"] = "bsfg:v1.4";
    await expect(findBase(engine, () => {})).rejects.toMatchObject({
      code: "image/no-base",
      message: expect.stringContaining("bsfg:v1.4"),
    });
  });
});
