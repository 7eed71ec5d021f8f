import type { HeldRole } from '../access/roles.ts';
import type { RunRefusal } from '../actions/action.ts';
import type { Json, JsonObject } from '../json.ts';
import type { PipelinePath } from '../store/keys.ts';
import type { CalledBy } from '../store/runs.ts';

/** A run that a step starts. Everything but the right to start it is judged by whoever starts runs. */
export type CalledStart = {
  readonly path: PipelinePath;
  /** Absent: the newest. */
  readonly version?: string;
  readonly inputs: JsonObject;
  /** Passed by inputs that the called pipeline does not declare to be secret. */
  readonly mask: (value: Json) => Json;
  /** Its id. */
  readonly run: string;
  readonly calledBy: CalledBy;
  /** How many events are before the calling run. */
  readonly eventDepth?: number;
  /** As whom the calling run acts, with the roles of this moment. */
  readonly caller: { readonly id: string; readonly roles: readonly HeldRole[] };
  /** Why the caller may. */
  readonly reason: string;
};

export type StartCalled = (start: CalledStart) => Promise<{ readonly ok: true } | RunRefusal>;
