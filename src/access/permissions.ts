/**
 * Everything a route can ask for: what is done to which noun. A route names one of these; who holds it is said by the
 * rows of `grants.ts`.
 */
export type Permission =
  | 'pipelines.read'
  | 'pipelines.create'
  | 'pipelines.update'
  | 'pipelines.delete'
  | 'runs.read'
  | 'runs.start';
