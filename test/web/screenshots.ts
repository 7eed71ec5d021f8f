import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWeb } from '../kit/browser/build-web.ts';
import { openWeb } from '../kit/browser/open-web.ts';
import { PAGES } from './pages/index.ts';

/**
 * `npm run screenshots`: every page at three widths, light and dark, into `screenshots/`. `npm run screenshots -- run` takes those
 * whose name has `run` in it.
 */
const WIDTHS = [360, 1_024, 1_920] as const;
const THEMES = ['light', 'dark'] as const;
const FOLDER = join(import.meta.dirname, '../../screenshots');

const wanted = process.argv[2] ?? '';
const webFolder = await buildWeb();
const web = await openWeb(webFolder);
try {
  await mkdir(FOLDER, { recursive: true });
  for (const { name, as, prepare, ready } of PAGES.filter(page => page.name.includes(wanted))) {
    for (const width of WIDTHS) {
      for (const theme of THEMES) {
        const page = await web.open(as, await prepare(web), { width, height: width < 500 ? 740 : 900, theme });
        await ready(page);
        // The bar at the top stays where one looks; a picture of the whole page looks from its top.
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: join(FOLDER, `${name}-${width}-${theme}.png`), fullPage: true });
        await web.closePages();
      }
    }
    process.stdout.write(`${name}\n`);
  }
  const troubles = web.troubles();
  for (const trouble of troubles) process.stderr.write(`${trouble}\n`);
  process.exitCode = troubles.length === 0 ? 0 : 1;
} finally {
  await web.close();
  await rm(webFolder, { recursive: true, force: true });
}
