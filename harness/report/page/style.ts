// The style sheet of the page, light or dark by the reader's setting. It fetches nothing.

export const style = `
:root { color-scheme: light dark;
  --paper:#fbfaf8; --card:#ffffff; --ink:#1f2328; --soft:#5c6470; --line:#e3e1dc; --shade:#f3f1ed;
  --kept:#23774a; --broken:#b3261e; --unknown:#8a5a00; --na:#6b7280;
  --vip:#3b6fb6; --listen:#7b5ea7; --ok:#2b8a6e; --info:#c58a1b; --fail:#c2402f; --fault:#c2402f; --down:#9aa0a8; --cold:#7fa6d6;
  --p1:#3b6fb6; --p2:#7b5ea7; --p3:#c58a1b; --p4:#2b8a6e; }
@media (prefers-color-scheme: dark) { :root {
  --paper:#16181b; --card:#1d2024; --ink:#e6e4df; --soft:#9aa1ab; --line:#31353b; --shade:#24282d;
  --kept:#6cc797; --broken:#f28b82; --unknown:#e3b567; --na:#9aa1ab;
  --vip:#7aa7e6; --listen:#b79be0; --ok:#5fc2a3; --info:#e0b050; --fail:#ec7a6b; --fault:#ec7a6b; --down:#6d747d; --cold:#5a7fae;
  --p1:#7aa7e6; --p2:#b79be0; --p3:#e0b050; --p4:#5fc2a3; } }
* { box-sizing:border-box; }
body { margin:0; background:var(--paper); color:var(--ink); font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; }
main { max-width:1080px; margin:0 auto; padding:32px 20px 64px; }
h1 { font-size:26px; line-height:1.25; margin:0 0 4px; letter-spacing:-.01em; }
h2 { font-size:18px; margin:40px 0 12px; }
h3 { font-size:14px; margin:20px 0 6px; color:var(--soft); font-weight:600; }
p { margin:0 0 8px; } .soft { color:var(--soft); } .small { font-size:13px; }
code, pre { font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace; }
pre { margin:0; padding:10px 12px; background:var(--shade); border-radius:6px; overflow-x:auto; white-space:pre-wrap; overflow-wrap:anywhere; }
.card { background:var(--card); border:1px solid var(--line); border-radius:10px; padding:16px 18px; margin:0 0 14px; }
.scroll { overflow-x:auto; } .scroll > svg { display:block; width:100%; min-width:720px; height:auto; }
.scroll > svg.narrow { min-width:560px; }
table { border-collapse:collapse; width:100%; font-size:14px; }
th { text-align:left; font-weight:600; color:var(--soft); font-size:12.5px; padding:4px 12px 6px 0; border-bottom:1px solid var(--line); }
td { vertical-align:top; padding:9px 12px 9px 0; border-bottom:1px solid var(--line); overflow-wrap:anywhere; }
tr:last-child > td { border-bottom:0; } td:last-child, th:last-child { padding-right:0; }
td.id { white-space:nowrap; font-weight:600; } td.figures { width:27%; color:var(--soft); font-size:13px; font-variant-numeric:tabular-nums; }
tr.section > th { padding:18px 0 5px; font-size:13.5px; font-weight:400; } tr.section b { color:var(--ink); text-transform:capitalize; }
tbody:first-of-type > tr.section > th { padding-top:10px; }
.decide { color:var(--soft); font-size:13px; margin:3px 0 0; } .bad { margin:0 0 10px; } .bad:last-child { margin:0; } .bad > .why { display:block; } a { color:var(--vip); text-underline-offset:2px; }
table.compact { font-size:13px; } table.compact td { padding:4px 12px 4px 0; } table.events td { font-variant-numeric:tabular-nums; }
table.events td:first-child, table.events td:nth-child(2) { white-space:nowrap; color:var(--soft); } :target { background:var(--shade); outline:2px solid var(--vip); outline-offset:2px; }
.slug { color:var(--soft); font-size:13px; font-weight:400; margin:2px 0 0; }
.why { color:var(--soft); font-size:13px; margin:2px 0 0; }
.pill { display:inline-block; white-space:nowrap; font-size:12px; line-height:20px; padding:0 9px; border-radius:10px; border:1px solid currentColor; font-weight:600; }
.kept { color:var(--kept); } .broken { color:var(--broken); } .unknown { color:var(--unknown); } .not-applicable { color:var(--na); } .waived { color:var(--unknown); }
.pill.broken { background:var(--broken); color:var(--card); border-color:var(--broken); }
details.card { padding:0; } details > summary { cursor:pointer; padding:12px 18px; display:flex; flex-wrap:wrap; gap:4px 10px; align-items:baseline; }
details > summary:focus-visible { outline:2px solid var(--vip); outline-offset:-2px; border-radius:10px; }
summary > b { margin-right:auto; } details > div { padding:0 18px 16px; }
dl.facts { display:grid; grid-template-columns:max-content 1fr; gap:3px 16px; margin:0; font-size:13.5px; }
dl.facts dt { color:var(--soft); } dl.facts dd { margin:0; overflow-wrap:anywhere; }
.legend { display:flex; flex-wrap:wrap; gap:4px 16px; font-size:12.5px; color:var(--soft); margin:8px 0 0; }
.legend i { display:inline-block; width:11px; height:11px; border-radius:2px; margin-right:6px; vertical-align:-1px; }
svg text { font:11px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif; fill:var(--soft); } svg text.name { fill:var(--ink); font-weight:600; font-size:12px; }
svg .axis { stroke:var(--line); } svg .mark { stroke:var(--soft); stroke-dasharray:2 3; opacity:.6; } svg .faultarea { fill:var(--fault); opacity:.09; }
svg .faultedge { stroke:var(--fault); opacity:.7; } svg text.faultname { fill:var(--fault); font-weight:600; }
@media (max-width:640px) { main { padding:20px 12px 48px; } h1 { font-size:21px; } td.figures { width:auto; }
  table.verdicts thead { display:none; } table.verdicts tr { display:block; padding:10px 0; border-bottom:1px solid var(--line); }
  table.verdicts td { display:inline-block; border:0; padding:2px 8px 2px 0; } table.verdicts td.promise, table.verdicts td.figures { display:block; } }
@media print { details > div { display:block; } .card { break-inside:avoid; } }
`;
