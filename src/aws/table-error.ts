/**
 * What a table refuses in both homes alike, before or while writing. These are mistakes of the caller: trying again does
 * not help. `BadValue`: not storable; `WrongType`: `add` to what is no number, `append` to what is no list.
 */
export type TableErrorName = 'BadKey' | 'BadQuery' | 'BadValue' | 'BadWrite' | 'ItemTooLarge' | 'WrongType';

export function tableError(name: TableErrorName, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return error;
}
