// The only source of chance: a seeded generator, so that a run can be repeated from its seed.
// It is not cryptographic. Keys come from the PKI library.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  /** `length` lower-case hex digits. */
  hex(length: number): string;
}

/** Mulberry32: 32 bits of state, passes gjrand's small tests, enough for schedules and ids. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number) => Math.floor(next() * bound);
  const hex = (length: number) => Array.from({ length }, () => below(16).toString(16)).join("");
  return { next, below, hex };
}

/** A random seed for a run without --seed. The run prints it. */
export function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}
