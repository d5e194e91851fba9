// fib_trie: an address counts only as a whole and only as a local host route.

import { describe, expect, it } from "@jest/globals";
import { hasLocal, leafOf } from "./fib-trie.ts";

const trie = Buffer.from(`Main:
  +-- 0.0.0.0/0 3 0 5
     +-- 198.18.0.0/24 2 0 2
        |-- 198.18.0.0
           /24 link UNICAST
        |-- 198.18.0.7
           /32 link UNICAST
Local:
  +-- 0.0.0.0/0 3 0 5
     |-- 127.0.0.1
        /32 host LOCAL
     +-- 198.18.0.0/24 2 0 2
        +-- 198.18.0.0/28 2 0 2
           |-- 198.18.0.10
              /32 host LOCAL
        |-- 198.18.0.255
           /32 link BROADCAST
`);
const has = (address: string) => hasLocal(trie, trie.length, leafOf(address));

describe("an address in fib_trie", () => {
  it("is found when it is local", () => {
    expect(has("198.18.0.10")).toBe(true);
    expect(has("127.0.0.1")).toBe(true);
  });

  it("is not found inside a longer address", () => {
    expect(has("198.18.0.1")).toBe(false);
    expect(has("98.18.0.10")).toBe(false);
  });

  it("does not count as a network, a broadcast or a route to another host", () => {
    for (const address of ["198.18.0.0", "198.18.0.255", "198.18.0.7"]) expect(has(address)).toBe(false);
  });

  it("does not count in the rest of a longer earlier read", () => {
    expect(hasLocal(trie, trie.indexOf("198.18.0.10"), leafOf("198.18.0.10"))).toBe(false);
  });
});
