import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { accessibleLooks, lookedNote, violationNote } from '../../../e2e/accessible.ts';
import { looks, pictureOf } from '../../../e2e/screens/look.ts';
import { stories } from '../../../e2e/screens.ts';
import type { FlowReport } from '../../test-browser.ts';
import type { Outcome, Proof } from '../proof.ts';
import type { RecordScene } from './scene.ts';

const screens = stories.flatMap(({ screens: told }) => told.map(({ name }) => name));
const expectedLooks = screens.flatMap((screen) => accessibleLooks.map(({ name }) => `${screen}, ${name}`));
const expectedPictures = screens.flatMap((screen) => looks.map((look) => pictureOf(screen, look)));

export const axeProof: Proof<RecordScene> = {
  name: `axe on every screen, ${accessibleLooks.map(({ name }) => name).join(' and ')}`,
  bar: `0 violations on ${expectedLooks.length} looks at ${screens.length} screens`,
  run: async (scene) => judgeLooks(expectedLooks, await scene.flows(['accessibility.spec.ts'])),
};

export const picturesProof: Proof<RecordScene> = {
  name: 'pictures of every screen at 390, 820 and 1440 pixels, light and dark, by one command',
  bar: `${expectedPictures.length} of ${expectedPictures.length} pictures`,
  async run(scene) {
    const startedAt = Date.now();
    const { lines, code } = await scene.command('e2e/harness/screenshots.ts');
    const fresh = await Promise.all(lines.map((path) => isWrittenSince(path, startedAt)));
    const made = new Set(lines.filter((_, place) => fresh[place]).map((path) => basename(path)));
    const missing = expectedPictures.filter((picture) => !made.has(picture));
    const details = [...(code === 0 ? [] : ['The command failed.']), ...missing.map((picture) => `no ${picture}`)];
    const figure = `${expectedPictures.length - missing.length} of ${expectedPictures.length} pictures`;
    return { figure, holds: details.length === 0, details };
  },
};

/** What was not looked at, and a run that failed, fall short as a violation does. */
export function judgeLooks(expected: readonly string[], { flows, errors }: FlowReport): Outcome {
  const notes = flows.flatMap((flow) => flow.notes);
  const looked = new Set(notes.filter(({ type }) => type === lookedNote).map(({ description }) => description));
  const violations = notes.filter(({ type }) => type === violationNote).map(({ description }) => description);
  const missing = expected.filter((look) => !looked.has(look)).map((look) => `not looked at: ${look}`);
  const failed = flows.filter(({ end }) => end !== 'passed').flatMap((flow) => [`“${flow.title}” ${flow.end}`]);
  const details = [...errors, ...violations, ...missing, ...failed];
  const figure = `${violations.length} violations on ${expected.length - missing.length} of ${expected.length} looks`;
  return { figure, holds: details.length === 0, details };
}

async function isWrittenSince(path: string, ms: number): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  // Some disks keep whole seconds.
  return found !== null && found.size > 0 && found.mtimeMs >= Math.floor(ms / 1000) * 1000;
}
