// A profile: where a zone under certification may differ from the reference. A YAML file, checked strictly.

import { wallTime } from "#base/clock.ts";
import { defined } from "#base/defined.ts";
import { HarnessError } from "#base/errors.ts";
import { entryIdsOf } from "#spec/catalogue.ts";
import { wrongBound } from "#spec/bounds.ts";
import type { NodeContract } from "#spec/contract/node-contract.ts";
import { everyRun, refusalOf } from "#spec/profile.ts";
import { type Bounds, defaultBounds } from "#spec/verdict.ts";
import type { ProfileText } from "#profile/profile-shape.ts";
import { contractOf, shapedProfile, textOfProfile } from "#profile/read-profile.ts";
import { catalogue } from "./read-catalogue.ts";

/** `node`: what the profile says of the node image; absent when it says nothing. */
export type Profile = Omit<ProfileText, "node"> & { node?: NodeContract };

/**
 * Parses a profile.
 *
 * @throws HarnessError `usage/bad-value`; `usage/unknown-entry` for a name that is neither an id nor a slug of the
 * catalogue.
 */
export function profileOf(text: string, from: string): Profile {
  const { node, ...rest } = shapedProfile(text, from);
  const profile = withIds({ ...rest, ...(node ? { node: contractOf(node, from) } : {}) }, from);
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
  return profileOf(textOfProfile(path), path);
}
