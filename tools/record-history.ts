// `node tools/record-history.ts [--commit ID] [--facts N] FOLDER NAME WORDS`: adds the history in FOLDER, a scenario of
// an evidence folder, to fixtures/recorded as NAME. It makes the file small, and refuses when a verdict changes:
// digests of facts are cut to eight characters, and stamps of calls are rounded to a microsecond. With `--facts` it
// also drops early facts until N are left that were acknowledged before the first fault.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { stringify } from "yaml";
import { judge } from "../harness/checkers/judge.ts";
import { decodeHistory } from "../harness/history/codec.ts";
import { historyFile } from "../harness/history/read-history.ts";
import { viewOf } from "../harness/history/view.ts";

const root = resolve(import.meta.dirname, "..");
const digestChars = 8;
const digestShape = /"digest":"([0-9a-f]{64})"/g;
const stampShape = /^\{"t":(\d+)\d{3},"type":"(invoke|ok|fail|info|stored|looks)"/gm;
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

function withRoundStamps(text: string): string {
  return text.replaceAll(stampShape, '{"t":$1000,"type":"$2"');
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

function record(folder: string, name: string, facts: { says: string; commit: string; most: number }): void {
  const whole = readFileSync(join(folder, historyFile), "utf8");
  const fewer = Number.isNaN(facts.most) ? whole : withFewerFacts(whole, facts.most);
  const trimmed = withRoundStamps(withShortDigests(fewer));
  const verdicts = verdictsOf(trimmed);
  if (JSON.stringify(verdicts) !== JSON.stringify(verdictsOf(whole)))
    throw new Error(`the trim changes a verdict of ${folder}: ${judge(decodeHistory(trimmed))[0]?.because}`);
  const { format, scenario } = JSON.parse(trimmed.slice(0, trimmed.indexOf("\n"))) as Record<string, string>;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  };
  const target = join(root, "fixtures/recorded", name);
  writeFileSync(`${target}.jsonl.br`, brotliCompressSync(trimmed, { params }));
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const manifest = { says: facts.says, format, version, commit: facts.commit, scenario, verdicts };
  writeFileSync(`${target}.yaml`, stringify(manifest));
  process.stdout.write(`${name}: ${JSON.stringify(verdicts)}\n`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { commit: { type: "string", default: "" }, facts: { type: "string" } },
});
const [folder, name, says] = positionals;
if (!folder || !name || !says) throw new Error("give a folder, a name and words; the file's first lines say more");
record(folder, name, { says, commit: values.commit, most: Number(values.facts) });
