// The root folder of this checkout. Files that the harness reads at run time are found from here.

import { join } from "node:path";

/** Absolute path. */
export const repository = join(import.meta.dirname, "..", "..");
