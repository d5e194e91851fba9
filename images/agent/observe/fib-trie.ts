// Reads /proc/PID/net/fib_trie: is an address a local one of that network namespace? Pure, over bytes, because it
// runs hundreds of times a second. Knows no other table.

const leafMark = Buffer.from("|-- ");
const localMark = Buffer.from("/32 host LOCAL");

/** The bytes a leaf of `address` starts with; the newline ends it, so 198.18.0.1 is not found in 198.18.0.10. */
export function leafOf(address: string): Buffer {
  return Buffer.from(`|-- ${address}\n`);
}

/** True when `trie` (first `length` bytes) holds the leaf with a local host route under it. */
export function hasLocal(trie: Buffer, length: number, leaf: Buffer): boolean {
  const text = trie.subarray(0, length);
  for (let at = text.indexOf(leaf); at !== -1; at = text.indexOf(leaf, at + 1)) {
    // The aliases of a leaf are the lines up to the next leaf or, at the end of a subtree, the next "+--".
    let end = text.indexOf(leafMark, at + leaf.length);
    if (end === -1) end = length;
    const inner = text.indexOf("+-- ", at + leaf.length);
    if (inner !== -1 && inner < end) end = inner;
    const local = text.indexOf(localMark, at + leaf.length);
    if (local !== -1 && local < end) return true;
  }
  return false;
}
