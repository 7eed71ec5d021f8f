import type { Operation } from '../operation.ts';
import { renderEnvType } from '../render/places.ts';

export const getEnvType: Operation<'getEnvType'> = ({ loaded }) => ({ status: 200, body: renderEnvType(loaded) });
