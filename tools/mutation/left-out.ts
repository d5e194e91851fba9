// What is not mutated, because it decides no verdict: the words of a finding, its links to events, and its figures. An
// ignorer of Stryker. No package of Stryker or Babel is imported: the shapes below are those that it passes.

interface Node {
  type: string;
  [field: string]: unknown;
}

interface Path {
  node: Node;
  /** Field of the parent in which the node is; of a list, with its place as `key`. */
  key: string | number;
  listKey?: string;
  parentPath?: Path;
}

/** Arguments by place of the functions in harness/checkers/assertions.ts that decide nothing. */
const idleArguments: Record<string, Record<number, string>> = {
  kept: { 0: "words", 1: "evidence" },
  refuted: { 0: "words", 1: "words", 2: "evidence" },
  missed: { 0: "words", 1: "words", 2: "evidence" },
  undecided: { 0: "words", 1: "words" },
  overAll: { 0: "words" },
  rulingOf: { 1: "figures" },
};

const idleProperties: Record<string, string> = {
  saw: "words",
  says: "words",
  because: "words",
  events: "evidence",
  measured: "figures",
};

const leftOut = {
  shouldIgnore({ node, key, listKey, parentPath }: Path): string | undefined {
    const parent = parentPath?.node;
    if (parent?.type === "TemplateLiteral" && listKey === "expressions") return "words";
    if (parent?.type === "CallExpression" && listKey === "arguments")
      return idleArguments[nameOf(parent["callee"] as Node)]?.[key as number];
    if (node.type === "ObjectProperty" && parent?.type === "ObjectExpression")
      return idleProperties[nameOf(node["key"] as Node)];
    return undefined;
  },
};

function nameOf({ type, name }: Node): string {
  return type === "Identifier" ? (name as string) : "";
}

const factory = () => leftOut;
factory.inject = [] as const;

/** Read by Stryker. */
export const strykerPlugins = [{ kind: "Ignore", name: "left-out", factory }];
