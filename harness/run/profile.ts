// A profile: where a zone under certification may differ from the reference. A YAML file, checked strictly.

import { realpathSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { wallTime } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { readRegular } from "#base/regular-file.ts";
import { entryIdsOf } from "#spec/catalogue.ts";
import { wrongBound } from "#spec/bounds.ts";
import { everyRun, refusalOf } from "#spec/profile.ts";
import { type Bounds, defaultBounds } from "#spec/verdict.ts";
import { catalogue } from "./read-catalogue.ts";

const bytesMax = 1 << 20;
/** So many wrong fields are named. */
const issuesMax = 3;
const bound = z.number().positive();
/** People decide by this text, so it must say something. */
const words = z.string().trim().min(10);
const profileShape = z.strictObject({
  /** Bounds that replace the pattern's. The report prints the bounds used. */
  bounds: z
    .strictObject(Object.fromEntries(Object.keys(defaultBounds).map((name) => [name, bound.optional()])))
    .default({}),
  /** Entries about something that this zone does not have. */
  notApplicable: z.array(z.strictObject({ entry: z.string(), reason: words })).default([]),
  /** Known failures. They are reported, and the exit code ignores them until they expire. */
  waivers: z
    .array(
      z.strictObject({
        entry: z.string(),
        signature: z.string(),
        reason: words,
        expires: z.iso.date(),
      }),
    )
    .default([]),
});

export type Profile = z.infer<typeof profileShape>;

/**
 * Parses a profile.
 *
 * @throws HarnessError `usage/bad-value`; `usage/unknown-entry` for a name that is neither an id nor a slug of the
 * catalogue.
 */
export function profileOf(text: string, from: string): Profile {
  const profile = withIds(shaped(text, from), from);
  const declined = profile.notApplicable.find(({ entry }) => everyRun.includes(entry));
  if (declined)
    throw new HarnessError("usage/bad-value", `--profile ${from}: ${declined.entry} applies to every zone`, {
      expected: `entries other than ${everyRun.join(" and ")}`,
    });
  refuseWaivers(profile, from);
  refuseBounds(profile, from);
  return profile;
}

/** The run starts now: a waiver that would have no effect in it is refused before it. */
function refuseWaivers({ waivers }: Profile, from: string): void {
  for (const waiver of waivers) {
    const why = refusalOf(waiver, wallTime());
    if (why !== undefined)
      throw new HarnessError("usage/bad-value", `--profile ${from}: the waiver of ${waiver.entry}: ${why}`, {
        expected: "the words of one assertion, for at most a year",
      });
  }
}

function refuseBounds({ bounds }: Profile, from: string): void {
  const wrong = wrongBound({ ...defaultBounds, ...(bounds as Partial<Bounds>) });
  if (wrong)
    throw new HarnessError("usage/bad-value", `--profile ${from}: ${wrong.happened}`, { expected: wrong.expected });
}

/** A profile may name an entry by its slug; the harness knows it by its id. */
function withIds(profile: Profile, from: string): Profile {
  const idOf = (word: string) => {
    try {
      return entryIdsOf(catalogue(), [word])[0]!;
    } catch (error) {
      const { code, message, expected } = HarnessError.from(error);
      throw new HarnessError(code, `--profile ${from}: ${message}`, {
        cause: error,
        ...defined({ expected }),
      });
    }
  };
  const byId = <One extends { entry: string }>(one: One): One => ({ ...one, entry: idOf(one.entry) });
  return { ...profile, notApplicable: profile.notApplicable.map(byId), waivers: profile.waivers.map(byId) };
}

/** @throws HarnessError as profileOf does, and when the file cannot be read. */
export function readProfile(path: string): Profile {
  try {
    return profileOf(readRegular(realpathSync(path), { code: "usage/bad-value", bytesMax }), path);
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    throw new HarnessError("usage/bad-value", `--profile ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function shaped(text: string, path: string): Profile {
  try {
    return profileShape.parse(parse(text) ?? {});
  } catch (error) {
    const wrong = error instanceof z.ZodError ? wordsOf(error) : firstLineOf(messageOf(error));
    throw new HarnessError("usage/bad-value", `--profile ${path}: ${wrong}`, {
      expected: "a profile like those in fixtures/profiles",
      cause: error,
    });
  }
}

/** `waivers.0.reason: Too small…`, for the first few fields that are wrong. */
function wordsOf({ issues }: z.ZodError): string {
  const told = issues.slice(0, issuesMax).map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`);
  const rest = issues.length - told.length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

/** The YAML reader goes on with a picture of the place. */
function firstLineOf(message: string): string {
  return message.split("\n", 1)[0]!.replace(/:$/, "");
}
