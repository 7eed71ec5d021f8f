import { readFile } from 'node:fs/promises';
import { actions } from '../src/actions/registry.ts';
import { readPipeline } from '../src/language/read-pipeline.ts';
import { whyUnreadable } from './why-unreadable.ts';
import { wrongOption } from './wrong-option.ts';

const USAGE = 'usage: npm run check -- <file…>';

/**
 * `npm run check -- <file…>`: what the server would say of these definitions, one line per mistake, as compilers print it, so that
 * editors and CI logs link to the place. Exit status 1: something is wrong; 2: nothing could be checked.
 */
export async function check(files: readonly string[], print: (line: string) => void): Promise<0 | 1 | 2> {
  if (files.includes('--help')) {
    print(USAGE);
    return 0;
  }
  const wrong = wrongOption(files, { options: {}, allowPositionals: true });
  if (files.length === 0 || wrong !== undefined) {
    print(wrong === undefined ? USAGE : `${wrong}; ${USAGE}`);
    return 2;
  }
  let problems = 0;
  let unreadable = 0;
  for (const file of files) {
    const text = await readText(file);
    if (!text.ok) {
      unreadable += 1;
      print(`${file}: error: ${text.message}`);
      continue;
    }
    const read = readPipeline(text.value, { actions });
    if (read.ok) continue;
    problems += read.diagnostics.length;
    for (const { line, column, code, message, hint } of read.diagnostics) {
      print(`${file}:${line}:${column}: error ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
    }
  }
  const counted = files.length === 1 ? '1 file' : `${files.length} files`;
  if (problems + unreadable === 0) print(`${counted} checked, no problems`);
  return unreadable > 0 ? 2 : problems > 0 ? 1 : 0;
}

type Text = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string };

async function readText(file: string): Promise<Text> {
  try {
    const bytes = await readFile(file);
    return { ok: true, value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    return { ok: false, message: whyUnreadable(error) };
  }
}
