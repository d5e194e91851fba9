// Monitors over a fake zone: what they see becomes events of the scenario's history.

import { expect, it } from "@jest/globals";
import { nowNs } from "#base/clock.ts";
import { defaultBounds } from "#spec/verdict.ts";
import { during, useFakeClock } from "./fakes/fake-clock.ts";
import { fakeContext } from "./fakes/fake-context.ts";
import { openMonitors } from "./scenario-monitors.ts";

useFakeClock();

it("record each change, from samples and from the observer, until they are disposed", async () => {
  const context = await fakeContext();
  const { fake, history, events } = context;
  fake.answers.monitor = () => {};
  fake.answers.sample = () => {
    const nothing = { servers: {}, certificates: {}, controllers: {}, storage: {} };
    return { ...nothing, sinceNs: nowNs(), t: nowNs(), health: { error: "no answer" } };
  };
  const monitors = await openMonitors(context.zone, history, defaultBounds);
  await during(20_000, Promise.resolve());
  const seen = events.flatMap((event) => (event.type === "monitor" ? [`${event.monitor} ${event.state}`] : []));
  expect(seen).toContain("MON-3 red");
  expect(fake.askedFor.filter((name) => name === "sample").length).toBeGreaterThanOrEqual(19);
  await during(5_000, monitors[Symbol.asyncDispose]());
  const count = events.length;
  await context.load.stop();
  await during(20_000, Promise.resolve());
  expect(events.slice(count).filter(({ type }) => type === "monitor")).toEqual([]);
});
