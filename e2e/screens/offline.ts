import { type Line, startLine } from '../harness/line.ts';
import { createPatient, createPractice, writeNote } from '../steps.ts';
import { password, present } from './cast.ts';
import type { Screen } from './screen.ts';

let line: Line | null = null;

/** A practice whose line to its host is cut. */
export const offlineScreens: readonly Screen[] = [
  {
    name: 'hors-ligne',
    open: async (page, serment) => {
      line = await startLine(serment.url);
      await createPractice(page, password, undefined, line.url);
      await createPatient(page, { family: 'Perrin', given: 'Odile', birthDate: '12/03/1961' });
      await writeNote(page, { reason: 'Contrôle', conclusion: 'Tension équilibrée.' });
      await page.locator('[data-testid=last-save] [data-state=copy]').waitFor({ timeout: 20_000 });
      line.cut();
      await page.getByRole('button', { name: /Hors ligne/ }).waitFor({ timeout: 60_000 });
      await writeNote(page, { reason: 'Visite à domicile', conclusion: 'Plaie propre, agrafes à retirer.' });
      await page.locator('[data-testid=last-save] [data-state=device]').waitFor();
    },
  },
  {
    name: 'hors-ligne-bouclier',
    open: async (page) => {
      await page.getByRole('button', { name: /Hors ligne/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'coffre-hors-ligne',
    open: async (page) => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Alt+v');
      await page.getByRole('heading', { name: 'Qui peut entrer' }).waitFor();
      // A line that nobody holds is as cut as before, and lets what pictures end.
      await present(line).stop();
    },
  },
];
