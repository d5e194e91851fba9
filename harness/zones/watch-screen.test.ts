// What `triad watch` shows and serves. No zone, no port.

import { describe, expect, it } from "@jest/globals";
import { MonitorTable } from "#monitors/monitor-table.ts";
import { Metrics } from "./metrics.ts";
import { changeJson, screenOf } from "./watch-screen.ts";

const vip = "198.18.0.10";
const atNs = 200e9;

function tableOfAlpha(): MonitorTable {
  const table = new MonitorTable({ vip, rpcPort: 9443, minDays: 30, expected: "alpha" });
  const seen = { isAlive: true, isFrozen: false, ownsVip: false, listens: [] as string[], sinceNs: 0, t: atNs };
  table.observe({ type: "observed", node: "gamma", ...seen });
  table.observe({ type: "observed", node: "beta", ...seen, isAlive: false });
  table.observe({
    type: "observed",
    node: "alpha",
    ...seen,
    ownsVip: true,
    listens: [`${vip}:9443`],
    role: "MASTER",
  });
  return table;
}

const options = { zone: "demo", nowNs: atNs + 65e9, columns: 90, isColoured: false };

describe("the screen", () => {
  const lines = screenOf(tableOfAlpha(), options);
  const text = lines.join("\n");

  it("shows who has the VIP, the state of each node, and every monitor with its state and how long it has had it", () => {
    expect(text).toContain(`zone demo   VIP ${vip} on alpha`);
    expect(text).toContain("alpha  MASTER, holds the VIP, listens on 198.18.0.10:9443, expected to be active");
    expect(text).toContain("beta   down");
    expect(text).toMatch(/green MON-1 {2}vip-expected-node .* 1 min 05 s {2}alpha holds it/);
    expect(text).toMatch(/GONE {2}MON-8 .*no evidence yet|GONE {2}MON-8 .*no sample arrives/);
  });

  it("is no wider than the terminal, colours not counted", () => {
    const wide = screenOf(tableOfAlpha(), { ...options, columns: 60, isColoured: true });
    for (const line of wide) expect(line.replaceAll(/\u001B\[\d+m/g, "").length).toBeLessThanOrEqual(60);
  });
});

describe("the screen of a small terminal", () => {
  const whole = screenOf(tableOfAlpha(), options);
  const isMonitor = (line: string) => /MON-\d/.test(line);

  it.each([24, 20, 14, 10, 5])("of %i lines keeps its headline, and what is not green before what is", (rows) => {
    const lines = screenOf(tableOfAlpha(), { ...options, rows });
    expect(lines.length).toBeLessThan(rows);
    expect(lines[0]).toBe(`zone demo   VIP ${vip} on alpha`);
    const shown = lines.filter(isMonitor);
    const hidden = whole.filter((line) => isMonitor(line) && !shown.includes(line));
    const isGreen = (line: string) => line.startsWith("  green");
    expect(hidden.every(isGreen) || !shown.some(isGreen)).toBe(true);
    if (hidden.length > 0) expect(lines.at(-1)).toContain(`${hidden.length} more monitors`);
  });

  it("is whole where it fits", () => {
    expect(screenOf(tableOfAlpha(), { ...options, rows: whole.length + 1 })).toEqual(whole);
  });
});

describe("a change", () => {
  it("is one line of JSON with its format", () => {
    const line = changeJson("demo", { t: 5, type: "monitor", monitor: "MON-3", state: "red", why: "no answer" });
    expect(JSON.parse(line)).toMatchObject({
      format: "triad-monitor/1",
      t: 5,
      zone: "demo",
      monitor: "MON-3",
      slug: "controller-healthy",
      state: "red",
      why: "no answer",
    });
  });
});

describe("the metrics", () => {
  it("give each monitor one state of three, and leave out a node that was not seen", async () => {
    const metrics = new Metrics("demo", tableOfAlpha());
    metrics.count({ t: 1, type: "monitor", monitor: "MON-1", state: "green", why: "" });
    const text = await metrics.text();
    expect(text).toContain("# TYPE triad_monitor_state gauge");
    expect(text).toContain('triad_monitor_state{monitor="MON-1",state="green",zone="demo"} 1');
    expect(text).toContain('triad_monitor_state{monitor="MON-1",state="red",zone="demo"} 0');
    expect(text).toContain('triad_monitor_state{monitor="MON-9",state="gone",zone="demo"} 1');
    expect(text).toContain('triad_monitor_changes_total{monitor="MON-1",state="green",zone="demo"} 1');
    expect(text).toContain('triad_node_up{node="beta",zone="demo"} 0');
    expect(text).not.toContain("triad_certificate_left_days{");
  });
});
