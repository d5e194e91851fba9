// What AppendFact refuses before anything is done, and how subjects become NATS tokens.

import { create } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "@jest/globals";
import { AppendFactRequestSchema } from "../gen/bsfg_pb.ts";
import { subjectToken, validate } from "./facts.ts";

const envelope = { messageId: "m-1", fromZone: "plant-a-bsfg", toZone: "enterprise-bsfg", producedAtUnixMs: 1n };
const fact = { subject: "line1.temp", predicate: "measured", objectJson: "{}" };

function codeOf(
  request: { envelope?: Partial<typeof envelope>; fact?: Partial<typeof fact> },
  names = ["plant-a-bsfg"],
) {
  const whole = create(AppendFactRequestSchema, {
    envelope: { ...envelope, ...request.envelope },
    fact: { ...fact, ...request.fact },
  });
  try {
    validate(whole, names);
    return undefined;
  } catch (thrown) {
    return (thrown as ConnectError).code;
  }
}

describe("AppendFact", () => {
  it("takes a fact of the caller's own zone", () => {
    expect(codeOf({})).toBeUndefined();
  });

  it.each([
    [{ envelope: { messageId: "" } }],
    [{ envelope: { messageId: "a\r\nb" } }],
    [{ envelope: { toZone: "" } }],
    [{ envelope: { producedAtUnixMs: 0n } }],
    [{ fact: { subject: "" } }],
    [{ fact: { objectJson: "{" } }],
  ])("refuses %j as invalid", (request) => {
    expect(codeOf(request)).toBe(Code.InvalidArgument);
  });

  it("refuses a zone that the caller's certificate does not name", () => {
    expect(codeOf({}, ["somebody-else"])).toBe(Code.PermissionDenied);
    expect(codeOf({}, [])).toBe(Code.PermissionDenied);
  });

  it("lets a name that is no zone's speak for no zone, not even for itself", () => {
    expect(codeOf({ envelope: { fromZone: "maintenance-laptop" } }, ["maintenance-laptop"])).toBe(
      Code.PermissionDenied,
    );
  });

  it("makes one valid token of any subject", () => {
    expect(subjectToken("line1.temp")).toBe("line1_temp");
    expect(subjectToken("a.>*\u0000 b")).toMatch(/^[A-Za-z0-9_-]+$/);
  });
});
