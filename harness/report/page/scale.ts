// Converts numbers to positions on a drawing, and chooses round ticks.

export interface Scale {
  (value: number): number;
  least: number;
  most: number;
}

/** Linear from [least, most] to [from, to]. Values outside are moved to the edge. */
export function scaleOf(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [least, most] = domain;
  const [from, to] = range;
  const span = most > least ? most - least : 1;
  const at = (value: number) => from + ((Math.min(Math.max(value, least), most) - least) / span) * (to - from);
  return Object.assign(at, { least, most });
}

/** At most `countMax` round values inside the domain: steps of 1, 2 or 5 times a power of ten. */
export function ticksOf(scale: Scale, countMax: number): number[] {
  const rough = (scale.most - scale.least) / countMax;
  if (!(rough > 0) || !Number.isFinite(rough)) return [scale.least];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough)!;
  const ticks: number[] = [];
  for (let tick = Math.ceil(scale.least / step) * step; tick <= scale.most + step * 1e-9; tick += step)
    ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

/** A position on the drawing, with one decimal. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
