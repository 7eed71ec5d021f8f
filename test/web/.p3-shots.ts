import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWeb } from '/tmp/eight/test/kit/browser/build-web.ts';
import { openWeb } from '/tmp/eight/test/kit/browser/open-web.ts';
import { approvalsPages } from '/tmp/eight/test/web/pages/approvals.ts';
import { accessPages } from '/tmp/eight/test/web/pages/access.ts';
const FOLDER = '/tmp/eight/screenshots';
const wanted = process.argv[2] ?? '';
const webFolder = await buildWeb();
const web = await openWeb(webFolder);
await mkdir(FOLDER, { recursive: true });
for (const { name, as, prepare, ready } of [...approvalsPages, ...accessPages].filter(page => page.name.includes(wanted))) {
  try {
  for (const width of [360, 1024, 1920]) for (const theme of ['light', 'dark'] as const) {
    const page = await web.open(as, await prepare(web), { width, height: width < 500 ? 740 : 900, theme });
    await ready(page);
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(FOLDER, `${name}-${width}-${theme}.png`), fullPage: true });
    await web.closePages();
  }
  console.log(name);
  } catch (e) { console.log(name, String(e)); await web.closePages(); }
}
console.log(web.troubles());
await web.close();
await rm(webFolder, { recursive: true, force: true });
