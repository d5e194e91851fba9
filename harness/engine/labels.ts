// The labels on everything we create: who owns it and which zone it is part of. Ownership is a label, never a name.

export const label = {
  owner: "triad.owner",
  zone: "triad.zone",
  index: "triad.index",
  role: "triad.role",
  content: "triad.content",
} as const;

/** Owner of zones left running by `triad up`: only `triad down` ends them. */
export const keptOwner = "kept";
