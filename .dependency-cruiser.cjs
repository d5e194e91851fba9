// The import law: which folder of harness/ may import which. docs/architecture.md has the picture, and
// harness/import-law.test.ts shows that each rule bites. Parsing needs @swc/core: with TypeScript 7 alone the tool sees
// no module and reports success.

// The visitor of @swc/core 1.16 throws on `using` and `await using`. They are variable declarations with another
// keyword.
const { Visitor } = require("@swc/core/Visitor.js");
// oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
const visitStatement = Visitor.prototype.visitStatement;
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type !== "UsingDeclaration") return visitStatement.call(this, statement);
  statement.decls = this.visitVariableDeclarators(statement.decls);
  return statement;
};

/** What can act on a zone: everything below the run engine that does not judge. */
const acting = ["base", "spec", "topology", "history", "protocol", "engine", "zone", "faults", "monitors"];
const judging = ["checkers", "report"];

/** What each folder may import; `types` with `import type` only. A folder without a row may import anything of ours. */
const law = {
  base: { values: [], types: [] },
  spec: { values: ["base"], types: [] },
  profile: { values: ["base", "spec"], types: [] },
  topology: { values: ["base", "spec"], types: [] },
  "scenario-file": { values: ["base", "spec"], types: [] },
  history: { values: ["base", "spec"], types: [] },
  protocol: { values: ["base"], types: ["spec", "history"] },
  engine: { values: ["base"], types: [] },
  zone: { values: ["base", "spec", "topology", "engine", "protocol"], types: ["history"] },
  faults: { values: ["base", "spec", "topology", "zone", "protocol", "history"], types: [] },
  monitors: { values: ["base", "spec", "topology", "zone", "protocol", "history"], types: [] },
  scenario: { values: acting, types: [] },
  checkers: { values: ["base", "spec", "history"], types: [] },
  report: { values: ["base", "spec", "history", "checkers"], types: [] },
  mutations: { values: ["base", "spec", "history", "checkers"], types: [] },
  incident: { values: ["base", "spec", "scenario-file"], types: [] },
  shrink: { values: ["base", "spec", "scenario-file"], types: [] },
  api: { values: [], types: ["spec"] },
  zones: { values: [...acting, "scenario-file", "profile"], types: ["api"] },
  // Only the command line imports benches, and nothing imports the command line.
  run: { values: [...acting, ...judging, "scenario", "scenario-file", "zones", "profile"], types: [] },
  record: {
    values: [...acting, ...judging, "scenario", "scenario-file", "zones", "run", "profile"],
    types: ["api"],
  },
  bench: { values: [...acting, ...judging, "scenario", "scenario-file", "run"], types: ["api"] },
};

// The planted tree in fixtures is named like ours, so the same law applies to it.
const harness = "(?:^|/)harness/";
const tests = "[.]test[.]ts$";
const fakes = "/fakes/";

const folderRules = Object.entries(law).flatMap(([folder, { values, types }]) => {
  const from = { path: `${harness}${folder}/`, pathNot: tests };
  const allowed = [folder, ...values, ...types];
  const rules = [
    {
      name: `${folder}-imports`,
      comment: `${folder} may import ${[...values, ...types.map((type) => `${type} (types)`)].join(", ") || "nothing of ours"}.`,
      severity: "error",
      from,
      to: { path: harness, pathNot: `${harness}(?:${allowed.join("|")})/` },
    },
  ];
  if (types.length > 0) {
    rules.push({
      name: `${folder}-imports-types`,
      comment: `${folder} may import only types of ${types.join(", ")}.`,
      severity: "error",
      from,
      to: { path: `${harness}(?:${types.join("|")})/`, dependencyTypesNot: ["type-only"] },
    });
  }
  return rules;
});

module.exports = {
  forbidden: [
    ...folderRules,
    {
      name: "checkers-act",
      comment:
        "A checker is a pure function of the history: no daemon, socket, file, process, clock or chance, at any distance.",
      severity: "error",
      from: { path: `${harness}checkers/`, pathNot: tests },
      to: {
        path:
          "node_modules/(?:testcontainers|dockerode|nats|@grpc|@connectrpc|undici)/|" +
          `^(?:node:)?(?:fs|fs/promises|net|http|http2|https|tls|dgram|child_process|timers|timers/promises|worker_threads)$|` +
          `${harness}base/(?:clock|random|poll)[.]ts$`,
        reachable: true,
      },
    },
    {
      name: "docker-in-two-folders",
      comment: "Only harness/zone and harness/engine import testcontainers and dockerode.",
      severity: "error",
      from: { path: "(?:^|/)(?:harness|suites|tools|images)/", pathNot: `node_modules|${harness}(?:zone|engine)/` },
      to: { path: "node_modules/(?:testcontainers|dockerode)/" },
    },
    {
      name: "suites-import-index",
      comment: "Suites import harness/index.ts and no deeper path.",
      severity: "error",
      from: { path: "^suites/" },
      to: { path: "^(?:harness|images|tools)/", pathNot: "^harness/index[.]ts$" },
    },
    {
      name: "images-stand-alone",
      comment: "An image imports only the shared words of the harness: base, spec, topology, history, protocol.",
      severity: "error",
      from: { path: "^images/", pathNot: tests },
      to: {
        path: "^(?:harness|suites|tools)/",
        pathNot: "^harness/(?:(?:base|spec|topology|history|protocol)/)",
      },
    },
    {
      name: "witness-stands-apart",
      comment:
        "The agent judges no node by the node's own code. Of images/node it imports only the generated protocol.",
      severity: "error",
      from: { path: "(?:^|/)images/agent/" },
      to: { path: "(?:^|/)images/node/", pathNot: "(?:^|/)images/node/gen/" },
    },
    {
      name: "node-stands-apart",
      comment: "A node imports nothing of the agent that watches it.",
      severity: "error",
      from: { path: "(?:^|/)images/node/" },
      to: { path: "(?:^|/)images/agent/" },
    },
    {
      name: "harness-stands-alone",
      comment: "The harness imports no suite, test data or node image. docs/node-contract.md describes an image.",
      severity: "error",
      from: { path: "^harness/", pathNot: tests },
      to: { path: "^(?:suites|tools|images|fixtures)/" },
    },
    {
      name: "fakes-in-tests",
      comment: "Only a unit test imports a fake.",
      severity: "error",
      from: { pathNot: `${tests}|/fake-[^/]+[.]ts$` },
      to: { path: "/fake-[^/]+[.]ts$" },
    },
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "not-resolvable", severity: "error", from: { pathNot: "/gen/" }, to: { couldNotResolve: true } },
    {
      name: "test-only",
      comment: "No file imports a test. Only tests, their fakes and suite-claims.ts import the test runner.",
      severity: "error",
      from: { pathNot: `${tests}|${fakes}|^suites/|^harness/run/suite-claims[.]ts$` },
      to: { path: `${tests}|node_modules/@jest/globals` },
    },
    {
      name: "fakes-in-tests",
      comment: "Only tests import fakes.",
      severity: "error",
      from: { pathNot: `${tests}|${fakes}` },
      to: { path: fakes },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/gen/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types"],
      extensions: [".ts", ".js", ".cjs", ".mjs"],
    },
  },
};
