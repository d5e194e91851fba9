// What readers and pipelines rely on: exit codes, counts, escaping, size, and no access to the network.

import { describe, expect, it } from "@jest/globals";

import { judge } from "#checkers/judge.ts";
import { mergeFindings } from "#checkers/merge-findings.ts";
import { atNs } from "#corpus/builders/history-builder.ts";
import { bothFail, takeover } from "#corpus/builders/failure.ts";
import type { HistoryEvent } from "#history/event.ts";
import { defaultBounds, type EntryVerdict, type VerdictName, type VerdictsFile } from "#spec/verdict.ts";
import { exitCodeOf } from "./exit-code.ts";
import { reportHtml } from "./html.ts";
import { jobSummary } from "./job-summary.ts";
import { junitXml } from "./junit.ts";
import { scenarioSection, sectionBytesMax } from "./scenario-section.ts";
import { verdictText } from "./verdict-text.ts";
import { decodeVerdicts, disagreements, encodeVerdicts, rewordings, verdictsFileOf } from "./verdicts-file.ts";

const entry = (id: string, verdict: VerdictName, because = `${id} because`): EntryVerdict => ({
  id,
  verdict,
  promise: `promise of ${id}`,
  because,
  measured: { runs: 1 },
  scenarios: [
    {
      entry: id,
      verdict,
      because,
      measured: {},
      events: [4, 9],
      scenario: "fail-1-kill",
      repeat: 2,
      history: "h/fail-1-kill-2.jsonl",
    },
  ],
});
const fileOf = (...entries: EntryVerdict[]): VerdictsFile =>
  verdictsFileOf(
    {
      id: "r1",
      startedAt: "2026-11-24T10:00:00.000Z",
      wallS: 61,
      seed: 7,
      command: "./triad gate --seed 7",
      bounds: defaultBounds,
      engine: { version: "26.1.5", kind: "embedded", privileges: "privileged", kernel: "6.1" },
      images: { node: "sha256:0" },
      versions: {},
    },
    entries,
  );
const handshakeAt = (s: number): HistoryEvent => ({
  t: atNs(s),
  type: "handshake",
  row: "version TLSv1.1",
  target: "198.18.0.10:9443",
  offered: { versions: ["TLSv1.1", "TLSv1.1"], certificate: "valid" },
  outcome: "refused",
  error: "protocol_version",
});
const nasty = `</script><img src=x onerror="alert('1')">&|\u0001`;

describe("a run on the controller of an image", () => {
  it("names its digests at the top of the page and of the job summary", () => {
    const file = fileOf(entry("FAIL-1", "kept"));
    const images = { controller: "sha256:abc", "controller archive": "sha256:def" };
    const tested = { ...file, run: { ...file.run, images } };
    for (const text of [reportHtml(tested, []), jobSummary(tested)])
      expect(text).toMatch(/Controller under test: image sha256:abc, from an archive with sha256:def/);
    expect(reportHtml(file, [])).not.toContain("Controller under test");
  });
});

describe("the exit code", () => {
  it.each([
    [["kept", "kept"], 0],
    [["kept", "not-applicable"], 0],
    [["kept", "unknown"], 2],
    [["unknown", "broken", "kept"], 1],
    [["not-applicable"], 2],
    [[], 2],
  ] as [VerdictName[], number][])("of %j is %i", (verdicts, code) => {
    expect(exitCodeOf(verdicts.map((verdict) => ({ verdict })))).toBe(code);
  });
});

describe("verdicts.json", () => {
  it("is read back exactly", () => {
    const file = fileOf(entry("FAIL-1", "kept"));
    expect(decodeVerdicts(encodeVerdicts(file))).toEqual(file);
  });

  it.each(["", "{}", '{"format":"triad-verdicts/2"}', '{"format":"triad-verdicts/1"}'])(
    "refuses %j as no evidence",
    (text) => {
      expect(() => decodeVerdicts(text)).toThrow(expect.objectContaining({ code: "usage/not-evidence" }));
    },
  );

  it("shows where a second judgement disagrees, including a missing entry", () => {
    const saved = [entry("FAIL-1", "kept"), entry("FAIL-2", "kept")];
    expect(disagreements({ entries: saved }, { entries: saved })).toEqual([]);
    expect(disagreements({ entries: saved }, { entries: [entry("FAIL-1", "broken")] })).toEqual([
      "FAIL-1 was kept and is broken: FAIL-1 because",
      "FAIL-2 was kept and is absent: FAIL-2 because",
    ]);
  });

  it("counts the same verdict in other words as no disagreement", () => {
    const saved = [entry("FAIL-1", "kept"), entry("FAIL-2", "kept")];
    const again = [entry("FAIL-1", "kept", "other words"), entry("FAIL-2", "broken", "other words")];
    expect(disagreements({ entries: saved }, { entries: again })).toHaveLength(1);
    expect(rewordings(saved, again)).toEqual(["FAIL-1"]);
  });
});

describe("the terminal text", () => {
  it("gives each broken entry at most ten lines with promise, reason, run and evidence", () => {
    const text = verdictText(fileOf(entry("FAIL-1", "kept"), entry("DUR-6", "broken", "lost ".repeat(200))));
    const lines = text.split("\n");
    const from = lines.findIndex((line) => line.startsWith("BROKEN DUR-6"));
    const about = lines.slice(from, lines.indexOf("", from));
    expect(about.length).toBeLessThanOrEqual(10);
    for (const words of ["promise of DUR-6", "fail-1-kill #2", "h/fail-1-kill-2.jsonl, events 4, 9"])
      expect(about.join("\n")).toContain(words);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(125);
    expect(text).toContain("1 broken, 1 kept (exit 1)\nrepeat: ./triad gate --seed 7");
  });
});

describe("the terminal text on 80 columns", () => {
  it("has rows without promises, and wraps reasons", () => {
    const long = { ...entry("FAIL-1", "broken", "lost a fact ".repeat(30)), slug: "alpha-fails" };
    const lines = verdictText(fileOf(long, entry("FAIL-2", "kept")), 80).split("\n");
    expect(lines[0]).toMatch(/^FAIL-1 {2}alpha-fails {2}broken( |$)/);
    expect(lines[0]).not.toContain("promise");
    for (const line of lines.filter((one) => /^(FAIL| {2}(promised|because| {8}))/.test(one)))
      expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe("the slug of an entry", () => {
  const file = fileOf({ ...entry("FAIL-5", "broken"), slug: "alpha-isolated" });

  it("stands beside its id in every report", () => {
    expect(verdictText(file)).toMatch(/^FAIL-5 {2}alpha-isolated {2}broken /m);
    expect(verdictText(file)).toContain("BROKEN FAIL-5 alpha-isolated");
    expect(junitXml(file)).toContain('name="FAIL-5 alpha-isolated: ');
    expect(jobSummary(file)).toContain("FAIL-5 alpha-isolated");
    expect(reportHtml(file, [])).toMatch(/FAIL-5<p class="slug">alpha-isolated</);
    expect(JSON.parse(encodeVerdicts(file))).toMatchObject({ entries: [{ id: "FAIL-5", slug: "alpha-isolated" }] });
  });

  it("may be missing from a file of an older version", () => {
    expect(verdictText(fileOf(entry("FAIL-5", "kept")))).toMatch(/^FAIL-5 {2,}kept /m);
  });
});

const scenarioOf = (durationS?: number) => ({
  entry: "FAIL-1",
  verdict: "kept" as const,
  because: "",
  measured: {},
  events: [],
  scenario: "fail-1-kill",
  repeat: 1,
  history: "",
  ...(durationS === undefined ? {} : { durationS }),
});

describe("junit.xml", () => {
  it("makes broken a failure, unknown an error and not-applicable skipped, and counts them", () => {
    const xml = junitXml(
      fileOf(
        entry("FAIL-1", "kept"),
        entry("FAIL-2", "broken"),
        entry("FAIL-3", "unknown"),
        entry("FAIL-4", "not-applicable"),
      ),
    );
    expect(xml).toContain('<testsuite name="triad" tests="4" failures="1" errors="1" skipped="1"');
    for (const words of [
      '<failure message="FAIL-2 because"',
      '<error message="FAIL-3 because"',
      '<skipped message="FAIL-4 because"',
    ])
      expect(xml).toContain(words);
  });

  it("gives each case a time, and keeps to the attributes that the schemas of Jenkins and Surefire allow", () => {
    const run = { ...entry("FAIL-1", "kept"), scenarios: [scenarioOf(1.5), scenarioOf(2.25), scenarioOf()] };
    const xml = junitXml(fileOf(run, entry("FAIL-2", "broken")));
    expect(xml).toMatch(/name="FAIL-1[^>]* time="3.75"/);
    const attributesOf = (tag: string) =>
      [...xml.matchAll(new RegExp(`<${tag} ([^>]*)>`, "g"))].map(([, text = ""]) =>
        [...text.matchAll(/([a-z]+)="/g)].map(([, name]) => name),
      );
    expect(attributesOf("testsuites")).toEqual([["name", "tests", "failures", "errors", "time"]]);
    expect(attributesOf("testsuite")).toEqual([
      ["name", "tests", "failures", "errors", "skipped", "time", "timestamp"],
    ]);
    for (const names of attributesOf("testcase")) expect(names).toEqual(["classname", "name", "time"]);
  });

  it("is an error when no entry was judged", () => {
    expect(junitXml(fileOf())).toContain('tests="1" failures="0" errors="1"');
  });

  it("holds no raw markup and no character that XML forbids", () => {
    const xml = junitXml(fileOf(entry("FAIL-1", "broken", nasty)));
    for (const raw of ["<img", "\u0001"]) expect(xml).not.toContain(raw);
  });
});

describe("the job summary", () => {
  it("names the worst verdict first and keeps its table whole whatever the text", () => {
    const markdown = jobSummary(
      fileOf(entry("FAIL-1", "kept"), { ...entry("FAIL-2", "broken"), promise: `a|b\nc ${nasty}` }),
    );
    const rows = markdown.split("\n").filter((line) => line.startsWith("| "));
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
    expect(rows[2]).toContain("broken");
    expect(markdown).not.toContain("<img");
  });
});

describe("the page", () => {
  const judged = (history = bothFail().build()) => ({
    history,
    one: { scenario: history.header.scenario, repeat: 1, history: "h.jsonl", findings: judge(history) },
  });
  const page = (...entries: EntryVerdict[]) => {
    const { history, one } = judged();
    return reportHtml(fileOf(...entries), [scenarioSection(one, history)]);
  };

  it("loads nothing and runs nothing", () => {
    const html = page(entry("FAIL-4", "kept"));
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\shref=(?!"#)|url\((?!#)|https?:\/\//i);
    expect(html).toContain("default-src 'none'");
  });

  it("escapes everything that a node or a history may contain", () => {
    const history = takeover({ scenario: nasty }).build();
    for (const event of history.events) if (event.type === "fault" && event.proof) event.proof = nasty;
    const { one } = judged(history);
    const html = reportHtml(fileOf(entry("FAIL-1", "broken", nasty)), [scenarioSection(one, history)]);
    expect(html).not.toMatch(/<img|onerror="/);
    expect(html).toContain("&lt;img src=x");
  });

  it("shows the worst entries first and opens broken scenarios", () => {
    const html = page(entry("FAIL-1", "kept"), entry("FAIL-2", "broken"));
    expect(html.indexOf("FAIL-2")).toBeLessThan(html.indexOf("FAIL-1"));
    const history = takeover({ way: "isolate", stopsAfterS: 20 }).build();
    expect(scenarioSection(judged(history).one, history).html).toContain('" open>');
  });

  it("links a verdict to its finding and its events, and has no broken link", () => {
    const { history, one } = judged();
    const merged = mergeFindings(
      one.findings.map(({ entry: id }) => ({
        id,
        slug: "a-slug",
        section: "failure",
        says: "a promise",
        decide: "packets",
      })),
      [one],
    );
    const html = reportHtml(fileOf(...merged), [scenarioSection(one, history)]);
    const targets = new Set([...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]));
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((target) => !targets.has(target))).toEqual([]);
    expect(targets).toContain(`s-${one.scenario}-1-e${one.findings[0]!.events[0]}`);
    expect(html).toContain("Decided by: packets.");
  });

  it("gives every drawing its own patterns, and uses no pattern of another drawing", () => {
    const paused = takeover({ scenario: "second" }).observe(7, "alpha", { isFrozen: true }).build();
    const html = [judged(), judged(paused)].map(({ history, one }) => scenarioSection(one, history).html);
    const ids = html.flatMap((section) => [...section.matchAll(/<pattern id="([^"]+)"/g)].map((match) => match[1]));
    expect(new Set(ids).size).toBe(4);
    for (const section of html)
      for (const [, used] of section.matchAll(/url\(#([^)]+)\)/g)) expect(section).toContain(`<pattern id="${used}"`);
  });

  it("puts entries under the sections of the pattern, in the catalogue's order", () => {
    const html = page(
      { ...entry("NET-1", "kept"), section: "network" },
      { ...entry("FAIL-1", "broken"), section: "failure" },
    );
    expect(html.indexOf("<b>network</b> · 1 kept")).toBeGreaterThan(0);
    expect(html.indexOf("<b>failure</b> · 1 broken")).toBeGreaterThan(html.indexOf("NET-1 because"));
  });

  it("draws each monitor as a row and lists handshakes in a table, equal ones once", () => {
    const builder = takeover();
    for (const s of [3, 4]) builder.add(handshakeAt(s));
    builder.add({ t: atNs(9), type: "monitor", monitor: "MON-7", state: "red", why: "two voters" });
    const { history, one } = judged(builder.build());
    const { html } = scenarioSection(one, history);
    expect(html).toContain("MON-7 voters-visible red: two voters");
    expect(html).toContain('version TLSv1.1 <span class="soft">×2</span>');
  });

  it("prints what the profile declared, with waivers that are expired or match nothing", () => {
    const waiver = (signature: string, expires: string) => ({
      entry: "FAIL-1",
      signature,
      expires,
      reason: "ticket 12, mended in 2.1",
    });
    const used = waiver("FAIL-1 because of this", "2026-12-31");
    const file = fileOf({ ...entry("FAIL-1", "broken"), waived: used }, entry("FAIL-2", "kept"));
    file.entries[0]!.scenarios[0]!.waived = used;
    file.run.profile = {
      notApplicable: [{ entry: "STO-4", reason: "there is no peer zone" }],
      waivers: [used, waiver("never seen anywhere", "2026-12-31"), waiver("long gone by now", "2026-11-23")],
    };
    const html = reportHtml(file, []);
    for (const words of ["there is no peer zone", ">used<", "matched nothing", "expired, has no effect"])
      expect(html).toContain(words);
    expect(verdictText(file)).toContain("1 waived, 1 kept (exit 0)");
    expect(verdictText(file)).toContain("the waiver of FAIL-1 expired on 2026-11-23");
    expect(junitXml(file)).toContain('<skipped message="broken and waived until 2026-12-31: ticket 12');
    expect(jobSummary(file)).toContain("waived");
  });

  it("says in every text that the profile moved a bound", () => {
    const bounds = { ...defaultBounds, failoverMaxS: 60 };
    const words = "failoverMaxS 60 (pattern: 30)";
    const one = { ...entry("TIME-1", "kept"), bounds: [words], promise: `in time [bounds: ${words}]` };
    const file = fileOf(one);
    file.run.bounds = bounds;
    for (const shown of [verdictText(file), verdictText(file, 80), reportHtml(file, []), junitXml(file)])
      expect(shown).toContain(words);
    expect(jobSummary(file).split("\n")[0]).toContain(words);
  });

  it("says that an empty run is not a pass", () => {
    expect(reportHtml(fileOf(), [])).toContain("That is not a pass");
  });

  it("keeps a section below its size limit under heavy load and on a flapping zone", () => {
    const builder = takeover();
    for (let place = 0; place < 40_000; place += 1)
      builder.append({ s: 6 + place / 1000, process: `busy-${place}`, node: place % 7 === 0 ? undefined : "beta" });
    for (let place = 0; place < 400; place += 1)
      builder.observe(30 + place / 100, "gamma", { ownsVip: place % 2 === 0, isFrozen: place % 3 === 0 });
    builder.add({ t: atNs(55), type: "mark", mark: "held", detail: { saw: "x".repeat(5_000) } });
    const { history, one } = judged(builder.build());
    expect(scenarioSection(one, history).html.length).toBeLessThan(sectionBytesMax);
  });
});
