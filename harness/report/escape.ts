// Escapes text for markup. Everything that a node, a vendor or a profile may have written passes through here.

// Control characters except tab, newline and return, and the two non-characters: XML 1.0, production 2.
const forbidden = new RegExp("[\\0-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]", "g");

/** For element text and quoted attributes of HTML, SVG and XML. Characters that XML 1.0 forbids become U+FFFD. */
export function escaped(text: unknown): string {
  return (typeof text === "string" ? text : (JSON.stringify(text) ?? ""))
    .replaceAll(forbidden, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** For a cell of a Markdown table: no pipe, no newline, no markup. */
export function escapedMarkdown(text: unknown): string {
  return escaped(text)
    .replaceAll(/\s*\n\s*/g, " ")
    .replaceAll(/([\\|`*_[\]])/g, "\\$1");
}
