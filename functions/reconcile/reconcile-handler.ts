import { type Reconcile, type Reconciled, reconcile } from '../../src/run/reconcile.ts';

export type ReconcileHandler = () => Promise<Reconciled>;

export function createReconcileHandler(deps: Reconcile): ReconcileHandler {
  return () => reconcile(deps);
}
