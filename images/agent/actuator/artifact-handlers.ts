// The actuator's commands on artifacts.

import type { HandlersOf } from "#protocol/commands.ts";
import type { ArtifactCommands } from "#protocol/commands/artifact.ts";
import { callArtifact } from "../artifact/artifact-call.ts";
import { searchFolder } from "../inspect/files.ts";
import type { Emit } from "../role/outlet.ts";

export function artifactHandlers(emit: Emit): HandlersOf<keyof ArtifactCommands> {
  return {
    artifact: (request) => callArtifact(request, emit),
    search: (request) => emit(searchFolder(request)),
  };
}
