// The root folder of this checkout. The harness finds its own files from here.

import { join } from "node:path";

/** Absolute path. */
export const repository = join(import.meta.dirname, "..", "..");
