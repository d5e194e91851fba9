// What the checkers' tests take from fast-check, for mutation testing: few runs of one seed, and no search for a
// smaller example. A mutant needs one failure.

import fc, { type IProperty, type Parameters } from "fast-check";

const runsMax = 2;

function assert<T>(property: IProperty<T>, parameters: Parameters<T> = {}): void {
  const numRuns = Math.min(runsMax, parameters.numRuns ?? runsMax);
  fc.assert(property, { ...parameters, numRuns, seed: 1, endOnFailure: true });
}

export default { ...fc, assert };
