// Two projects: unit (fast, no Docker) and suites (whole zones). Node strips the types, so there is no transform.

import type { Config } from "jest";

const common = {
  testEnvironment: "node",
  transform: {},
  extensionsToTreatAsEsm: [".ts"],
} satisfies Config;

const config: Config = {
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/{harness,images,tools}/**/*.test.ts"],
    },
    { ...common, displayName: "suites", testMatch: ["<rootDir>/suites/*.test.ts"] },
  ],
};

export default config;
