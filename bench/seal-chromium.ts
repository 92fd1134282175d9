import type { Bench, Figure } from './bench.ts';
import { buildPage, openBrowser } from './measured-page.ts';
import { sealBars, sealFigures, sealMethod } from './seal-figures.ts';
import { serveFolder } from './serve-folder.ts';

const sizesMiB = [1, 16, 64];
const runtime = 'Chromium';

export const sealChromium: Bench = {
  name: 'seal-chromium',
  title: 'Sealing and opening, in Chromium',
  method: `${sealMethod} In a worker of the page, as in the application.`,
  bars: sealBars(runtime, sizesMiB.slice(1)),
  async run({ quick, progress }) {
    const built = await buildPage();
    const served = await serveFolder(built.folder);
    const browser = await openBrowser(served.url);
    try {
      const page = await browser.openPage();
      const figures: Figure[] = [];
      for (const size of sizesMiB) {
        progress(`${size} MiB`);
        const work = {
          sizeBytes: size * 2 ** 20,
          rounds: quick ? 5 : 21,
          repeats: Math.ceil((quick ? 16 : 32) / size),
        };
        const times = await page.evaluate((asked) => window.measured.timeSealing(asked), work);
        figures.push(...sealFigures(runtime, work, times));
      }
      return figures;
    } finally {
      await browser.close();
      await served.close();
      await built.remove();
    }
  },
};
