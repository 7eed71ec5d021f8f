/** A job as the graph shows it. Instants are ISO 8601. */
export type GraphJob = {
  readonly id: string;
  readonly name: string;
  /** Ids of jobs; those that do not exist are passed over. */
  readonly needs: readonly string[];
  readonly status: JobStatus;
  /** It failed, and what comes after it went on all the same. */
  readonly continued?: boolean;
  readonly startedAt?: string;
  readonly completedAt?: string;
  /** `approval(deploy)`, `time(…)`, …. */
  readonly waitingFor?: string;
};

export type JobStatus = 'pending' | 'executing' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
