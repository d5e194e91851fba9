// Lines of files: long, unfinished, compressed, damaged, huge.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { drain, type Line, lineBytesMax, readLines } from "./lines.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "triad-lines-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function linesOf(content: Buffer | string): Promise<{ lines: Line[]; damage?: string }> {
  const path = join(folder, "log");
  writeFileSync(path, content);
  const lines: Line[] = [];
  const { damage } = await readLines(path, (line) => lines.push(line));
  return { lines, ...(damage === undefined ? {} : { damage }) };
}

describe("lines", () => {
  it("are numbered from 1, and lose the line end of either system", async () => {
    const { lines } = await linesOf("a\r\n\nc\n");
    expect(lines.map(({ text, number }) => [number, text])).toEqual([
      [1, "a"],
      [2, ""],
      [3, "c"],
    ]);
  });

  it("say that the last one has no end", async () => {
    const { lines } = await linesOf("a\nb");
    expect(lines.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  it("come out of gzip too, up to where it was cut short", async () => {
    const text = Array.from({ length: 5_000 }, (_, index) => `line ${index} ${Math.sin(index)}`).join("\n");
    const packed = gzipSync(text);
    const { lines } = await linesOf(packed);
    expect(lines).toHaveLength(5_000);
    const short = await linesOf(packed.subarray(0, packed.length / 2));
    expect(short.damage).toMatch(/ends early/);
    expect(short.lines.length).toBeGreaterThan(1_000);
    expect(short.lines[999]).toEqual(lines[999]);
  });

  it("are cut at the limit, and the next one is whole", async () => {
    const { lines } = await linesOf(`${"x".repeat(lineBytesMax * 3)}\nnext\n`);
    expect(lines.map(({ text, isCut }) => [text.length, isCut])).toEqual([
      [lineBytesMax, true],
      [4, false],
    ]);
  });

  it("do not pile up: 1 GB without a line end takes little memory", async () => {
    const chunk = Buffer.alloc(1 << 20, 0x61);
    const before = process.memoryUsage().rss;
    const seen: number[] = [];
    const stream = Readable.from(
      (function* () {
        for (let index = 0; index < 1_024; index += 1) yield chunk;
      })(),
    );
    const { bytes } = await drain(stream, ({ text }) => seen.push(text.length));
    expect(bytes).toBe(2 ** 30);
    expect(seen).toEqual([lineBytesMax]);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 2 ** 20);
  });

  it("come from regular files only", async () => {
    await expect(readLines(folder, () => {})).rejects.toThrow(/is a folder/);
    await expect(readLines("/dev/zero", () => {})).rejects.toThrow(/is a device/);
  });
});
