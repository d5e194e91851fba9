// Optional properties under exactOptionalPropertyTypes, where `{ a: undefined }` is not `{}`.

/** T, with each property that may be undefined turned into an optional one. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** `values` without the properties that are undefined: `{ seed, ...defined({ out, jobs }) }`. */
export function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
