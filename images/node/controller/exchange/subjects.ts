// Subjects of the fact stream: where a fact that was appended here lies, and where one that came from a peer. Pure.

/** One token after the prefix: appended in this zone. */
export const ownFacts = "facts.operational.*";
export const everyFact = "facts.operational.>";

/** A fact that came from a peer zone, by the token of its own subject. A zone's identity is one harmless token. */
export function subjectVia(token: string, zoneId: string): string {
  return `facts.operational.${token}.via.${zoneId}`;
}
