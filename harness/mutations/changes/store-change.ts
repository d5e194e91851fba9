// How a change of stores is written down; it changes nothing itself.

import type { Change, Variant } from "../change.ts";
import type { Scene } from "../scene.ts";

export function change(
  name: string,
  { kind = "stores", ...rest }: Pick<Change, "says" | "turns" | "everywhere"> & { kind?: Change["kind"] },
  variants: (scene: Scene) => Variant[],
): Change {
  return { name, kind, ...rest, variants };
}
