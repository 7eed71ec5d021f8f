import type { Operation } from '../operation.ts';
import { renderEnvironment } from '../render/places.ts';

export const getEnvironment: Operation<'getEnvironment'> = ({ loaded }) => ({
  status: 200,
  body: renderEnvironment(loaded),
});
