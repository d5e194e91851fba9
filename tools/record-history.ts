// `node tools/record-history.ts [--commit ID] [--facts N] FOLDER NAME WORDS`: adds the history in FOLDER, a scenario of
// an evidence folder, to fixtures/recorded as NAME. It makes the file small, and refuses when a verdict changes:
// digests of facts are cut to eight characters, and stamps of calls are rounded to a millisecond, or as far as no
// verdict changes. With `--facts` it also drops early facts until N are left that were acknowledged before the first
// fault.
// `node tools/record-history.ts --again [--facts N] NAME...`: makes recordings smaller that are there.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { stringify } from "yaml";
import { judge } from "../harness/checkers/judge.ts";
import { decodeHistory } from "../harness/history/codec.ts";
import { historyFile } from "../harness/history/read-history.ts";
import { viewOf } from "../harness/history/view.ts";
import { recordingText } from "../harness/mutations/recordings.ts";

const root = resolve(import.meta.dirname, "..");
const digestChars = 8;
const digestShape = /"digest":"([0-9a-f]{64})"/g;
const stampShape = /\{"t":(\d+),"type":"(invoke|ok|fail|info|stored|looks|peer)"/g;
/** Stamps are rounded to one of these, in nanoseconds: the first that changes no verdict. */
const roundedTo = [1_000_000, 100_000, 1_000];
const idShape = /"messageId":"([^"]+)"/;
/** The rate of the load is measured over the last 10 s before a loss: those facts stay. */
const recentNs = 11e9;

/** As it is where a digest of digests was recorded, or where two digests would become one. */
function withShortDigests(text: string): string {
  const whole = new Set([...text.matchAll(digestShape)].map((match) => match[1]!));
  const short = new Set([...whole].map((digest) => digest.slice(0, digestChars)));
  if (short.size !== whole.size || text.includes('"blocks":{')) return text;
  return text.replaceAll(digestShape, (_, digest: string) => `"digest":"${digest.slice(0, digestChars)}"`);
}

function withRoundStamps(text: string, unitNs: number): string {
  return text.replaceAll(stampShape, (_, t: string, type: string) => {
    return `{"t":${Math.floor(Number(t) / unitNs) * unitNs},"type":"${type}"`;
  });
}

/** Drops facts evenly over the time before the last seconds. */
function withFewerFacts(text: string, most: number): string {
  const view = viewOf(decodeHistory(text));
  const effectNs = view.faults[0]?.phases.effective?.event.t ?? Infinity;
  const before = view.operations.filter(
    ({ f, outcome, invokeNs }) => f === "append" && outcome === "ok" && invokeNs <= effectNs,
  );
  const ids = new Set(before.map(({ messageId }) => messageId));
  const early = [...new Set(before.flatMap((one) => (one.invokeNs < effectNs - recentNs ? one.messageId : [])))];
  const share = Math.max(0, ids.size - most) / early.length;
  const isDropped = (place: number) => Math.floor((place + 1) * share) > Math.floor(place * share);
  const dropped = new Set(early.filter((_, place) => isDropped(place)));
  const left = text.split("\n").filter((line) => !dropped.has(idShape.exec(line)?.[1]));
  return left.map((line) => (line.includes('"mark":"load-stopped"') ? recounted(line, left) : line)).join("\n");
}

/** Numbers of the operations of one load begin this far apart. */
const operationStride = 10_000_000;
const callShape = /"type":"(invoke|ok|fail|info)","op":(\d+),"process":"client-/;

/** What the client counted in its last load must fit the lines that are left. */
function recounted(mark: string, lines: readonly string[]): string {
  const calls = lines.flatMap((line) => {
    const [, type, op] = callShape.exec(line) ?? [];
    return type === undefined ? [] : [{ type, load: Math.floor(Number(op) / operationStride) }];
  });
  const last = calls.reduce((most, { load }) => Math.max(most, load), 0);
  const count = (type: string) => calls.filter((call) => call.load === last && call.type === type).length;
  const [invoked, ok, fail, info] = ["invoke", "ok", "fail", "info"].map(count);
  return mark.replace(
    /"invoked":\d+,"ok":\d+,"fail":\d+,"info":\d+/,
    `"invoked":${invoked},"ok":${ok},"fail":${fail},"info":${info}`,
  );
}

function verdictsOf(text: string): Record<string, string> {
  return Object.fromEntries(judge(decodeHistory(text)).map(({ entry, verdict }) => [entry, verdict]));
}

/** The history, made small. */
function trimmed(whole: string, name: string, most: number): string {
  const text = withShortDigests(Number.isNaN(most) ? whole : withFewerFacts(whole, most));
  const verdicts = JSON.stringify(verdictsOf(whole));
  for (const unitNs of roundedTo) {
    const rounded = withRoundStamps(text, unitNs);
    if (JSON.stringify(verdictsOf(rounded)) === verdicts) return rounded;
  }
  throw new Error(`the trim changes a verdict of ${name}: ${judge(decodeHistory(text))[0]?.because}`);
}

function write(name: string, text: string): void {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  };
  const bytes = brotliCompressSync(text, { params });
  writeFileSync(`${targetOf(name)}.jsonl.br`, bytes);
  process.stdout.write(`${name}: ${bytes.length} bytes\n`);
}

const targetOf = (name: string) => join(root, "fixtures/recorded", name);

function record(folder: string, name: string, facts: { says: string; commit: string; most: number }): void {
  const text = trimmed(readFileSync(join(folder, historyFile), "utf8"), folder, facts.most);
  const { format, scenario } = JSON.parse(text.slice(0, text.indexOf("\n"))) as Record<string, string>;
  write(name, text);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const manifest = { says: facts.says, format, version, commit: facts.commit, scenario, verdicts: verdictsOf(text) };
  writeFileSync(`${targetOf(name)}.yaml`, stringify(manifest));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { commit: { type: "string", default: "" }, facts: { type: "string" }, again: { type: "boolean" } },
});
const most = Number(values.facts);
if (values.again) for (const name of positionals) write(name, trimmed(recordingText(name), name, most));
else {
  const [folder, name, says] = positionals;
  if (!folder || !name || !says) throw new Error("give a folder, a name and words; the file's first lines say more");
  record(folder, name, { says, commit: values.commit, most });
}
