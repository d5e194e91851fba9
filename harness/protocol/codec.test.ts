// What the codec makes of text that comes in any pieces.

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { encodeLine, LineDecoder } from "./codec.ts";

describe("the codec", () => {
  it("gives back every message, however the text is cut into chunks", () => {
    const messages = fc.array(fc.record({ id: fc.integer(), text: fc.string() }));
    fc.assert(
      fc.property(messages, fc.array(fc.nat(40)), (sent, sizes) => {
        const noise: string[] = [];
        const decoder = new LineDecoder<object>((line) => noise.push(line));
        let text = sent.map(encodeLine).join("");
        const got: object[] = [];
        for (const size of sizes) {
          got.push(...decoder.push(text.slice(0, size)));
          text = text.slice(size);
        }
        got.push(...decoder.push(text));
        expect(got).toEqual(sent);
        expect(noise).toEqual([]);
      }),
    );
  });

  it("passes over empty lines, and hands a line that is not JSON to the noise", () => {
    const noise: string[] = [];
    const decoder = new LineDecoder<object>((line) => noise.push(line));
    expect(decoder.push('\n{"a":1}\nsh: not found\n{"b":2}\n')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(noise).toEqual(["sh: not found"]);
  });
});
