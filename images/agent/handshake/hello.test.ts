// Client hellos by hand: their bytes, and what an answer means. OpenSSL's own server is the other side.

import { describe, expect, it } from "@jest/globals";
import { answerIn, helloBytes, hellos, tryHello } from "./hello.ts";
import { openPermissiveServer } from "./permissive-server.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("a hello by hand", () => {
  it("carries its version in the record and in the message", () => {
    expect(helloBytes("SSLv3").subarray(0, 3)).toEqual(hex("16 03 00"));
    expect(helloBytes("SSLv3").subarray(9, 11)).toEqual(hex("03 00"));
    expect(helloBytes("SSLv2").subarray(2, 5)).toEqual(hex("01 00 02"));
    expect(helloBytes("SSLv3 in an SSLv2 hello").subarray(2, 5)).toEqual(hex("01 03 00"));
  });

  it("says its own length in each form", () => {
    for (const kind of hellos) {
      const bytes = helloBytes(kind);
      const isOldForm = (bytes[0]! & 0x80) !== 0;
      const length = isOldForm ? bytes.readUInt16BE(0) & 0x7fff : bytes.readUInt16BE(3);
      expect(bytes).toHaveLength(length + (isOldForm ? 2 : 5));
    }
  });

  it("is answered by OpenSSL in TLS 1.2 alone", async () => {
    using server = await openPermissiveServer();
    const answers = [];
    for (const kind of hellos) answers.push((await tryHello(server.tls, kind, 3_000)).answer);
    expect([answers.at(0), answers.at(-1)]).toEqual(["server-hello", "server-hello"]);
    expect(answers.slice(1, -1)).not.toContain("server-hello");
  });

  it("without a listener reaches nobody", async () => {
    expect(await tryHello({ host: "127.0.0.1", port: 1 }, "SSLv3", 3_000)).toMatchObject({ answer: "unreachable" });
  });
});

describe("an answer", () => {
  it.each([
    ["a hello of SSLv3", "16 03 00 00 4a 02 00 00 46 03 00", { answer: "server-hello", version: "SSLv3" }],
    ["a hello of TLS 1.2", "16 03 03 00 4a 02 00 00 46 03 03", { answer: "server-hello", version: "TLSv1.2" }],
    ["a hello of SSLv2", "80 0b 04 00 01 00 02 00 00 00 03", { answer: "server-hello", version: "SSLv2" }],
    ["an alert", "15 03 01 00 02 02 46", { answer: "alert" }],
    ["plain HTTP", "48 54 54 50 2f 31 2e 31 20 34 30", { answer: "other" }],
    ["a part", "16 03 03 00", undefined],
  ])("that is %s is told as such", (_, bytes, expected) => {
    expect(answerIn(hex(bytes))).toEqual(expected);
  });
});
