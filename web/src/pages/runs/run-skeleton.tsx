import { Card, Skeleton } from '../../ui/index.ts';

/** In place of a run: facts, jobs, and the job in view. */
export function RunSkeleton() {
  return (
    <>
      <span className="sr-only" role="status">
        Loading the run
      </span>
      <Card>
        <Skeleton lines={4} />
      </Card>
      <Skeleton height="14rem" />
      <Skeleton height="20rem" />
    </>
  );
}
