// Overlapping calls of bin/notify, as keepalived makes them: it does not wait for one before it starts the next.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

const script = readFileSync(new URL("../rootfs/opt/bsfg/bin/notify", import.meta.url), "utf8");

describe("bin/notify", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "notify-"));
    // It records what it is asked to do.
    writeFileSync(join(folder, "s6-svc"), `#!/bin/sh\necho "$*" >>${folder}/asked\n`, { mode: 0o755 });
    writeFileSync(join(folder, "notify"), script.replace("run=/run/bsfg", `run=${folder}`), { mode: 0o755 });
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const call = (state: string) =>
    once(
      spawn(join(folder, "notify"), [state], { env: { PATH: `${folder}:${process.env["PATH"]}` }, stdio: "ignore" }),
      "exit",
    );
  const roleNow = () => readFileSync(join(folder, "role"), "utf8").trim();

  it("leaves the state of the call that was started last, however the calls end", async () => {
    const found: string[] = [];
    for (let pair = 0; pair < 12; pair++) {
      const states = pair % 2 === 0 ? ["MASTER", "BACKUP"] : ["BACKUP", "MASTER"];
      await Promise.all(states.map(call));
      found.push(`${states.join()} ends as ${roleNow()}`);
    }
    expect(new Set(found)).toEqual(new Set(["MASTER,BACKUP ends as BACKUP", "BACKUP,MASTER ends as MASTER"]));
  });

  it("stops the controller and ends the lease in every state but MASTER", async () => {
    await call("MASTER");
    expect(() => readFileSync(join(folder, "asked"))).toThrow("ENOENT");
    await call("FAULT");
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe("-d /run/service/rpc\n");
    expect(readFileSync(join(folder, "lease"), "utf8").trim()).toBe("0");
  });
});
