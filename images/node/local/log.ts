// One line to the container's log, with the program's name in front. Not a log level system.

let prefix = "";

export function setLogPrefix(name: string): void {
  prefix = `${name}: `;
}

export function log(text: string): void {
  process.stdout.write(`${prefix}${text}\n`);
}
