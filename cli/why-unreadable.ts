/** Why a file that somebody named could not be read, without the words of the system where there are better ones. */
export function whyUnreadable(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EISDIR') return 'this is a folder; name a file in it';
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read it';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'this is not UTF-8 text';
  return error.message;
}
