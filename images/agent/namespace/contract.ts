// What the nodes of this agent's zone are like. The harness sets it when it makes the agent's container, so every role
// knows it, also one that is started later.

import { contractVariable, type NodeContract, referenceContract } from "#spec/contract/node-contract.ts";

const given = process.env[contractVariable];

export const contract: NodeContract = given ? (JSON.parse(given) as NodeContract) : referenceContract;
