// `npm run early-ends -- --out FOLDER [--ways sigterm,engine] [--moments faulty]`: starts a gate of two scenarios again
// and again, ends it at five moments in six ways, and says what is not as docs/results.md promises. It needs Linux and
// root. Its engine is its own, in a control group of its own, so that no other run is touched.

import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { elapsedMs, nowNs } from "#base/clock.ts";
import { HarnessError, messageOf } from "#base/errors.ts";
import { pollUntil } from "#base/poll.ts";
import { removeCgroups } from "#engine/cgroup.ts";
import { wrongAt } from "./inspect-end.ts";
import { leftOf, markedAs } from "./leftovers.ts";
import { completeIn, hasCome, judgedIn, type Moment, moments } from "./moments.ts";
import { chosen, type EndRow, rowLine, tableHead } from "./table.ts";
import { type Started, type Way, ways } from "./ways.ts";

const cgroupParent = "/triad-early-ends";
process.env["TRIAD_CGROUP_PARENT"] = cgroupParent;
delete process.env["DOCKER_HOST"];

/** steady-failover, then steady-look. */
const gate = ["gate", "--suite", "roles", "--jobs", "1"];
/** A slow machine needs two minutes for both scenarios, and the first run also builds two images. */
const momentMaxMs = 420_000;
const endMaxMs = 90_000;
/** The engine ends three seconds after its last run. */
const leftMaxMs = 20_000;

/** How long after the start each moment came, for the deadlines. */
const seenS = new Map<Moment, number>();

async function runOnce(name: string, moment: Moment, out: string): Promise<EndRow> {
  const way = ways[name]!;
  const folder = join(out, `${name}-${moment}`);
  const deadlineS = way.end ? [] : ["--deadline", String(seenS.get(moment) ?? 30)];
  const startNs = nowNs();
  const run = way.start([...gate, ...deadlineS, "--out", folder], { ...process.env, ...markedAs(folder) });
  const ended = endOf(run);
  const { actedNs, hadBegun, ...before } = way.end
    ? await endAt(moment, { way, run, folder, ended })
    : await untilDeadline(folder, ended, startNs + Number(deadlineS[1]) * 1e9);
  if (way.end && !seenS.has(moment)) seenS.set(moment, Math.max(1, Math.ceil(elapsedMs(startNs, actedNs) / 1_000)));
  const code = await pollUntil(() => ended.look(), { what: "the run to end", deadlineMs: endMaxMs });
  const tookS = Math.round(elapsedMs(actedNs) / 100) / 10;
  const wrong = await nothingLeft(folder);
  const isKilled = way.exit === 137;
  // An interrupt while the engine opens is a result. A killed or failed run that had not begun is none.
  const hasResult = hadBegun || existsSync(join(folder, "run.json"));
  return {
    way: way.words,
    moment,
    code,
    tookS,
    judged: before.judged.length,
    wrong: [...wrongAt({ folder, exit: way.exit, code, ...before, isKilled, hadBegun: hasResult }), ...wrong],
  };
}

interface Ended {
  look(): { done: number | null } | { saw: string };
}

function endOf({ child, codeFile }: Started): Ended {
  let code: number | null | undefined;
  void once(child, "close").then(([status, signal]: unknown[]) => {
    code = signal === "SIGKILL" ? 137 : (status as number | null);
  });
  return {
    look() {
      if (codeFile) {
        const text = existsSync(codeFile) ? readFileSync(codeFile, "utf8").trim() : "";
        return text === "" ? { saw: "no exit code" } : { done: Number(text) };
      }
      return code === undefined ? { saw: `process ${child.pid} runs` } : { done: code };
    },
  };
}

/** What was there when the run was ended. */
interface Ending {
  hadBegun: boolean;
  judged: string[];
  complete: string[];
  actedNs: number;
}

function endingIn(folder: string): Ending {
  const hadBegun = existsSync(join(folder, "run.json"));
  return { hadBegun, judged: judgedIn(folder), complete: completeIn(folder), actedNs: nowNs() };
}

async function endAt(
  moment: Moment,
  { way, run, folder, ended }: { way: Way; run: Started; folder: string; ended: Ended },
): Promise<Ending> {
  await pollUntil(
    () => {
      if ("done" in ended.look()) throw new HarnessError("wait/timeout", `the run ended before "${moment}"`);
      const isTime = hasCome(moment, folder) && (way.canEnd?.(moment) ?? true);
      return isTime ? { done: true } : { saw: "an earlier moment" };
    },
    { what: `the moment "${moment}"`, deadlineMs: momentMaxMs, intervalMs: 50 },
  );
  const ending = endingIn(folder);
  way.end!(run);
  return ending;
}

/** What had been judged when the deadline passed, or when the run had ended by itself. */
async function untilDeadline(folder: string, ended: Ended, deadlineNs: number): Promise<Ending> {
  await pollUntil(() => (nowNs() >= deadlineNs || "done" in ended.look() ? { done: true } : { saw: "a run" }), {
    what: "the deadline",
    deadlineMs: momentMaxMs,
    intervalMs: 50,
  });
  return endingIn(folder);
}

async function nothingLeft(name: string): Promise<string[]> {
  const look = () => {
    const left = leftOf(name, cgroupParent);
    return left.length === 0 ? { done: [] } : { saw: left.join("; ") };
  };
  return pollUntil(look, { what: "every process to end", deadlineMs: leftMaxMs, intervalMs: 250 }).catch(
    (error: unknown) => [messageOf(error)],
  );
}

const { values } = parseArgs({
  options: { out: { type: "string" }, ways: { type: "string" }, moments: { type: "string" } },
});
if (process.getuid?.() !== 0) throw new HarnessError("engine/not-root", "an engine needs root");
if (values.out === undefined) throw new HarnessError("usage/bad-value", "--out is missing");
mkdirSync(values.out, { recursive: true });
const rows: EndRow[] = [];
process.stdout.write(`${tableHead.join("\n")}\n`);
for (const name of chosen(values.ways, Object.keys(ways)))
  for (const moment of chosen(values.moments, moments)) {
    const row = await runOnce(name, moment, values.out).catch((error: unknown): EndRow => ({
      way: name,
      moment,
      code: null,
      tookS: 0,
      judged: 0,
      wrong: [messageOf(error)],
    }));
    rows.push(row);
    process.stdout.write(`${rowLine(row)}\n`);
    writeFileSync(join(values.out, "early-ends.json"), `${JSON.stringify(rows, null, 2)}\n`);
  }
removeCgroups(cgroupParent);
const bad = rows.filter(({ wrong }) => wrong.length > 0);
process.stdout.write(`\n${rows.length - bad.length} of ${rows.length} ends are as documented\n`);
process.exit(bad.length === 0 ? 0 : 1);
