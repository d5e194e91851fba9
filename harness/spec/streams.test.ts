// What each generation of nats-server reports of a stream of a right zone is allowed; what may lose facts is not.

import { expect, it } from "@jest/globals";
import { forbiddenSetting, knownStreams } from "./streams.ts";

const facts = knownStreams({
  facts: "facts",
  audit: null,
  messageId: "Nats-Msg-Id",
  cursors: null,
  lease: null,
  others: [],
})["facts"]!;
const settings = { retention: "limits", storage: "file", num_replicas: 3, discard: "old", duplicate_window: 36e11 };

it.each([
  ["2.10 reports nothing of it", {}, undefined],
  ["2.11 and later report that no message expires by a header", { allow_msg_ttl: false }, undefined],
  ["a message may expire by a header", { allow_msg_ttl: true }, "allow_msg_ttl true"],
  ["a setting that is not known", { allow_anything: true }, "allow_anything true"],
])("%s", (_, reported, forbidden) => {
  expect(forbiddenSetting({ ...settings, ...reported }, facts)).toBe(forbidden);
});
