// Subjects of the fact stream, for facts that were appended here and for facts that came from a peer. Pure.

/** One token after the prefix: appended in this zone. */
export const ownFacts = "facts.operational.*";
export const everyFact = "facts.operational.>";

/** For a fact that came from a peer zone; `token` is made of its own subject. A zone's identity is one token. */
export function subjectVia(token: string, zoneId: string): string {
  return `facts.operational.${token}.via.${zoneId}`;
}
