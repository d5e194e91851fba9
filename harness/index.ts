// The public door: everything a suite may use, listed by hand. Suites import nothing deeper.

export { claims } from "#run/suite-claims.ts";
