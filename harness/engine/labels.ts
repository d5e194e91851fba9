// The labels on every Docker object that the harness creates: its owner and its zone. Only a label says who owns an
// object.

export const label = {
  owner: "triad.owner",
  zone: "triad.zone",
  index: "triad.index",
  role: "triad.role",
  content: "triad.content",
} as const;

/** Owner of zones that `triad up` leaves running. Only `triad down` ends them. */
export const keptOwner = "kept";
