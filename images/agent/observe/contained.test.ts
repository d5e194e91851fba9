// The systemd unit of a process, from the text of /proc/PID/cgroup.

import { describe, expect, it } from "@jest/globals";
import { lastUnitIn } from "./contained.ts";

const id = "4d6cf6a7c304a7d65354fe28bdb276402ff7b16e1322dfeb059400fa3cdcc92d";

describe("the unit of a process", () => {
  it.each([
    [
      "at the end of the path",
      `9:name=systemd:/triad/${id}\n0::/triad/${id}/system.slice/guard.service\n`,
      "guard.service",
    ],
    ["above a cgroup of its own", `0::/../${id}/system.slice/web.service/libpod-payload-1\n`, "web.service"],
    ["below another unit", `0::/../${id}/user.slice/user@0.service/app.slice/a.scope\n`, "a.scope"],
    ["absent in a container without systemd", `0::/triad/${id}\n`, undefined],
  ])("is found %s", (_, text, unit) => {
    expect(lastUnitIn(text)).toBe(unit);
  });
});
