import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWeb } from '../kit/browser/build-web.ts';
import { openWeb, type View } from '../kit/browser/open-web.ts';
import { PAGES } from './pages/index.ts';
import type { WebPage } from './pages/page.ts';

/**
 * `npm run screenshots`: every page at three widths, light and dark, into `screenshots/`. `npm run screenshots -- run` takes those
 * whose name has `run` in it; `npm run screenshots -- --readme` those that the README shows, into `docs/images/`.
 */
const WIDTHS = [360, 1_024, 1_920] as const;
const THEMES = ['light', 'dark'] as const;
const ROOT = join(import.meta.dirname, '../..');
/** What somebody reads first: pages without a token or an id of this machine in sight. */
const IN_README = [
  { name: 'run-failed', height: 1_290 },
  { name: 'approval', height: 1_300 },
] as const;

type Picture = {
  readonly page: WebPage;
  readonly view: View & { readonly width: number };
  readonly file: string;
  readonly height?: number;
};

const wanted = process.argv[2] ?? '';
const pictures: readonly Picture[] =
  wanted === '--readme'
    ? IN_README.flatMap(({ name, height }) =>
        PAGES.filter(page => page.name === name).map(page => ({
          page,
          view: { width: 1_024, height: 900 },
          file: `docs/images/${name}.png`,
          height,
        })),
      )
    : PAGES.filter(page => page.name.includes(wanted)).flatMap(page =>
        WIDTHS.flatMap(width =>
          THEMES.map(theme => ({
            page,
            view: { width, height: width < 500 ? 740 : 900, theme },
            file: `screenshots/${page.name}-${width}-${theme}.png`,
          })),
        ),
      );

const webFolder = await buildWeb();
const web = await openWeb(webFolder);
try {
  for (const folder of ['screenshots', 'docs/images']) await mkdir(join(ROOT, folder), { recursive: true });
  for (const { page: of, view, file, height } of pictures) {
    const page = await web.open(of.as, await of.prepare(web), view);
    await of.ready(page);
    // The bar at the top stays where one looks; a picture of the whole page looks from its top.
    await page.evaluate(() => scrollTo(0, 0));
    // An icon that is still on its way would be missing.
    await page.waitForFunction(() => [...document.images].every(image => image.complete && image.naturalWidth > 0));
    // What has just changed is painted, too.
    await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
    const clip = height === undefined ? {} : { clip: { x: 0, y: 0, width: view.width, height } };
    // A window over the page covers what one sees of it, and not the rest.
    const fullPage =
      (await page.locator(':is([role=dialog], [role=alertdialog]):not([aria-modal=false])').count()) === 0;
    await page.screenshot({ path: join(ROOT, file), fullPage, ...clip });
    await web.closePages();
    process.stdout.write(`${file}\n`);
  }
  const troubles = web.troubles();
  for (const trouble of troubles) process.stderr.write(`${trouble}\n`);
  process.exitCode = troubles.length === 0 ? 0 : 1;
} finally {
  await web.close();
  await rm(webFolder, { recursive: true, force: true });
}
