// Runs before the controller of another image starts, as `start-controller`. It refuses a start that the gates do not
// allow, exactly as the controller of this image does, and writes the configuration for the OCI runtime. The
// supervisor's run script then becomes the runtime.

import { chownSync, readFileSync, writeFileSync } from "node:fs";
import { messageOf } from "#base/errors.ts";
import type { ControllerImage } from "#spec/controller-image.ts";
import { notAllowedCode, whyNotAllowed } from "../local/admission.ts";
import { log, setLogPrefix } from "../local/log.ts";
import { paths } from "../local/paths.ts";
import { runtimeConfig, userIds } from "./runtime-config.ts";

const bundle = "/opt/bsfg/controller";

function main(): void {
  setLogPrefix("start-controller");
  const refusal = whyNotAllowed();
  if (refusal !== "") {
    log(`not started: ${refusal}`);
    process.exit(notAllowedCode);
  }
  const image = JSON.parse(readFileSync(`${bundle}/image.json`, "utf8")) as ControllerImage;
  const accounts = { passwd: accountsIn("passwd"), group: accountsIn("group") };
  const user = userIds(image.user, accounts);
  // Both are the node's, and the controller is their only user here; the gates run as root.
  for (const path of [`${paths.certificates}/server.key`, paths.artifacts]) chownSync(path, user.uid, user.gid);
  writeFileSync(`${bundle}/config.json`, JSON.stringify(runtimeConfig(image, user, process.env)));
}

function accountsIn(name: string): string {
  try {
    return readFileSync(`${bundle}/rootfs/etc/${name}`, "utf8");
  } catch {
    return "";
  }
}

try {
  main();
} catch (thrown) {
  log(`ALARM: the controller cannot be started: ${messageOf(thrown)}`);
  process.exit(1);
}
