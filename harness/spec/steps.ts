// The steps that a scenario may hold. The interface is open: each file below harness/scenario/steps declares the shape
// of its step, beside the handler. So a new step is one new file and one line in the registry.

export interface StepShapes {}

export type StepName = keyof StepShapes;

export type StepOf<K extends StepName> = K extends StepName ? { step: K } & StepShapes[K] : never;

export type Step = StepOf<StepName>;

/** A step that concerns one zone. */
export type LocalStep = Exclude<Step, { step: "at-peer" }>;
