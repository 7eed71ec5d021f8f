import type { Operation } from '../operation.ts';
import { replyEntity } from '../render/index.ts';
import { renderValue } from '../render/value.ts';

export const getValue: Operation<'getValue'> = ({ loaded }) => replyEntity(200, renderValue(loaded));
