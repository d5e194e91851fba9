// Which processes are a program of the node contract: told apart by name. One rule for those who look and those who act. Pure.

export interface ProcessWords {
  /** The command name, as the kernel has it. */
  name: string;
  argv: readonly string[];
}

/** Supervisors carry the name of what they watch in their arguments and are not it. */
const supervisorShape = /^(s6-|runsv|runit|svscan)/;

/**
 * Is a process the program that `word` names? Its command name, or the base name of an argument, holds the word: the paths of
 * configuration files lie in folders whose names would hold it too. Options and whole scripts (`sh -c`) do not count.
 */
export function answersTo(word: string, { name, argv }: ProcessWords): boolean {
  if (supervisorShape.test(name)) return false;
  const isNamed = (argument: string) => !/^-|\s/.test(argument) && (argument.split("/").at(-1) ?? "").includes(word);
  return name.includes(word) || argv.some(isNamed);
}
