// Decides by name whether a process is a program of the node contract. Observers and faults use this one rule. Pure.

export interface ProcessWords {
  /** The command name that the kernel keeps. */
  name: string;
  argv: readonly string[];
  /** Of a process in an OCI container on the node: the container's name. */
  container?: string | undefined;
}

/**
 * A supervisor, or the runtime of a container, has the name of its program among its arguments and is not that program.
 */
const supervisorShape = /^(s6-|runsv|runit|svscan|crun$|runc$)/;

/**
 * Is a process the program that `word` names? Its command name or the base name of an argument must contain the word.
 * Folder names do not count, because configuration files lie in folders named after programs. Options and scripts (`sh
 * -c`) do not count either. A process in a container is the program that the container is named after, whatever it is
 * called inside.
 */
export function answersTo(word: string, { name, argv, container }: ProcessWords): boolean {
  if (container !== undefined) return container === word;
  if (supervisorShape.test(name)) return false;
  const isNamed = (argument: string) => !/^-|\s/.test(argument) && (argument.split("/").at(-1) ?? "").includes(word);
  return name.includes(word) || argv.some(isNamed);
}
