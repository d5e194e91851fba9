// Everything that a suite may use, listed by hand. Suites import no deeper path.

export { claims } from "#run/suite-claims.ts";
