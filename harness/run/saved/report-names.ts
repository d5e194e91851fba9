// Names of the files that a judgement writes into a run's folder. All of them can be made again from the evidence.

export const verdictsName = "verdicts.json";

/** They rest on verdicts.json and the histories. */
export const reportNames = ["junit.xml", "report.html", "summary.md"] as const;
export type ReportName = (typeof reportNames)[number];
