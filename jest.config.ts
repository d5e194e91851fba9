// Two projects: unit (fast, no Docker) and suites (whole zones). Node strips the types, so there is no transform.

import type { Config } from "jest";

const common = {
  testEnvironment: "node",
  transform: {},
  extensionsToTreatAsEsm: [".ts"],
} satisfies Config;

const config: Config = {
  // A backstop for a test that hangs. On a crowded machine a test of half a second took more than Jest's 5 s.
  testTimeout: 30_000,
  projects: [
    {
      ...common,
      displayName: "unit",
      testEnvironment: "./tools/jest-environment.ts",
      testMatch: ["<rootDir>/{harness,images,tools}/**/*.test.ts"],
    },
    { ...common, displayName: "suites", testMatch: ["<rootDir>/suites/*.test.ts"] },
  ],
};

export default config;
