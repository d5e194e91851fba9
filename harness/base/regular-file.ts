// Reads files of a folder that anyone may have written. A FIFO would block, a device may never end, and a link may lead
// out of the folder: each is refused before anything is read.

import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type ErrorCode, HarnessError, messageOf } from "./errors.ts";

export interface Trust {
  /** Code of the error. */
  code: ErrorCode;
  /** No part of the path below this folder may be a link. */
  root?: string;
}

/**
 * Opens a regular file for reading. The caller closes it.
 *
 * @throws HarnessError with the given code.
 */
export function openRegular(path: string, { code, root }: Trust): number {
  try {
    if (root !== undefined) refuseLinks(path, { code, root });
    refuseOther(path, lstatSync(path), code);
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    // It may have been replaced since it was looked at.
    const found = fstatSync(file);
    if (found.isFile()) return file;
    closeSync(file);
    throw otherThan(path, found, code);
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    throw new HarnessError(code, `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/**
 * The text of a regular file.
 *
 * @throws HarnessError with the given code, also when the file is longer than `bytesMax`.
 */
export function readRegular(path: string, { bytesMax, ...trust }: Trust & { bytesMax: number }): string {
  const file = openRegular(path, trust);
  try {
    const { size } = fstatSync(file);
    if (size > bytesMax)
      throw new HarnessError(trust.code, `${path} has ${size} bytes`, { expected: `at most ${bytesMax} bytes` });
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

function refuseLinks(path: string, { code, root }: Required<Trust>): void {
  const folder = join(realpathSync(root), relative(root, dirname(path)));
  if (realpathSync(dirname(path)) !== folder)
    throw new HarnessError(code, `${path} lies behind a symbolic link`, { expected: `folders inside ${root}` });
}

function refuseOther(path: string, found: ReturnType<typeof lstatSync>, code: ErrorCode): void {
  if (!found?.isFile()) throw otherThan(path, found, code);
}

function otherThan(path: string, found: ReturnType<typeof lstatSync>, code: ErrorCode): HarnessError {
  return new HarnessError(code, `${path} is ${kindOf(found)}`, { expected: "a regular file" });
}

function kindOf(found: ReturnType<typeof lstatSync>): string {
  if (found?.isSymbolicLink()) return "a symbolic link";
  if (found?.isDirectory()) return "a folder";
  if (found?.isFIFO()) return "a FIFO";
  return found?.isSocket() ? "a socket" : "a device";
}
