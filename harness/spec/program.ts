// Decides whether a process is a program of the node contract. Observers, faults and checkers use this one rule. Pure.

import type { ProgramName, ProgramRule, ProgramRules } from "./contract/node-contract.ts";

export interface ProcessWords {
  /** The command name that the kernel keeps. */
  name: string;
  argv: readonly string[];
  /** Of a process in an OCI container on the node: the container's name. */
  container?: string | undefined;
  /** The program file, /proc/PID/exe. */
  exe?: string | undefined;
  /** The last systemd unit in its cgroup path. */
  unit?: string | undefined;
}

/**
 * A supervisor, or the runtime of a container, has the name of its program among its arguments and is not that program.
 */
const supervisorShape = /^(s6-|runsv|runit|svscan|crun$|runc$)/;

/** In the arguments of the second controller that the fault "stray-controller" starts. */
export const strayProgram = "/opt/triad/stray/controller";

/**
 * Is a process this program? A foreign node's profile has a rule for each of its programs, and a program without one is
 * no program of that node. The reference node has no rules.
 */
export function answersTo(program: ProgramName, process: ProcessWords, rules: ProgramRules | undefined): boolean {
  if (rules === undefined) return isNamedAs(program, process);
  if (program === "controller" && process.argv.includes(strayProgram)) return true;
  const rule = rules[program];
  return rule !== undefined && fits(rule, process);
}

/**
 * The reference node: the command name or the base name of an argument must contain the word. Folder names do not
 * count, because configuration files lie in folders named after programs. Options and scripts (`sh -c`) do not count
 * either. A process in a container is the program that the container is named after, whatever it is called inside.
 */
function isNamedAs(word: string, { name, argv, container }: ProcessWords): boolean {
  if (container !== undefined) return container === word;
  if (supervisorShape.test(name)) return false;
  const isNamed = (argument: string) => !/^-|\s/.test(argument) && (argument.split("/").at(-1) ?? "").includes(word);
  return name.includes(word) || argv.some(isNamed);
}

/**
 * All words of the rule hold. Runners of containers carry names of services in their arguments, so a rule names more.
 */
export function fits(rule: ProgramRule, { name, argv, exe, unit }: ProcessWords): boolean {
  if (rule.exe && !(exe !== undefined && rule.exe.includes(exe))) return false;
  if (rule.name !== undefined && rule.name !== name) return false;
  if (rule.unit !== undefined && rule.unit !== unit) return false;
  return rule.argv === undefined || new RegExp(rule.argv).test(argv.join(" "));
}
