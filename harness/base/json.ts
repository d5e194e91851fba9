// What JSON of an unknown hand may hold.

/** A key that would be taken for a prototype by code that copies fields. */
const prototypeKey = /"__proto__"\s*:/;

export function hasPrototypeKey(text: string): boolean {
  return text.includes("__proto__") && prototypeKey.test(text);
}
