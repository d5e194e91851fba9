// Reads /proc/PID/net/fib_trie: is an address local to that network namespace? Pure. It works on bytes, because it runs
// hundreds of times a second.

const leafMark = Buffer.from("|-- ");
const localMark = Buffer.from("/32 host LOCAL");

/**
 * The bytes that a leaf of `address` starts with. The newline ends it, so that 198.18.0.1 does not match 198.18.0.10.
 */
export function leafOf(address: string): Buffer {
  return Buffer.from(`|-- ${address}\n`);
}

/** True when the first `length` bytes of `trie` hold the leaf with a local host route under it. */
export function hasLocal(trie: Buffer, length: number, leaf: Buffer): boolean {
  const text = trie.subarray(0, length);
  for (let at = text.indexOf(leaf); at !== -1; at = text.indexOf(leaf, at + 1)) {
    // The aliases of a leaf are the lines up to the next leaf or, at the end of a subtree, up to the next "+--".
    let end = text.indexOf(leafMark, at + leaf.length);
    if (end === -1) end = length;
    const inner = text.indexOf("+-- ", at + leaf.length);
    if (inner !== -1 && inner < end) end = inner;
    const local = text.indexOf(localMark, at + leaf.length);
    if (local !== -1 && local < end) return true;
  }
  return false;
}
