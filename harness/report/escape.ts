// Text into markup. Everything that a node, a vendor or a profile may have written passes through here.

/** For element text and quoted attributes of HTML, SVG and XML; characters that XML 1.0 forbids become U+FFFD. */
export function escaped(text: unknown): string {
  return String(text)
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** For a cell of a Markdown table: no pipe, no newline, no markup. */
export function escapedMarkdown(text: unknown): string {
  return escaped(text).replaceAll(/\s*\n\s*/g, " ").replaceAll(/([\\|`*_[\]])/g, "\\$1");
}
