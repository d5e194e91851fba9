// Writes one line to the container's log, after the program's name. There are no log levels.

let prefix = "";

export function setLogPrefix(name: string): void {
  prefix = `${name}: `;
}

export function log(text: string): void {
  process.stdout.write(`${prefix}${text}\n`);
}
