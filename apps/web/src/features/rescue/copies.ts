import type { RescuePlace, RescueSetting } from '@serment/replica/rescue-settings';
import { proxy } from 'comlink';
import type { Language } from '../../i18n/language.ts';
import script from '../../rescue-page/rescue-reader.ts?worker&url';
import { download } from '../../ui/download.ts';
import type { EngineProxy } from '../../worker/connect.ts';
import type { MadeFile } from '../../worker/rescue-desk.ts';
import { writeInFolder } from './folder.ts';

export const dayMs = 86_400_000;
/** From when on a copy is to be made by hand: the evenings did not make it. */
export const oldAfterMs = 3 * dayMs;

/** Whether a copy is due: the hour has struck since the last one, or since it was set up. Of this device's clock. */
export function isDue({ hour, since, last }: RescueSetting, now: number): boolean {
  const struck = new Date(now);
  struck.setHours(hour, 0, 0, 0);
  if (struck.getTime() > now) struck.setDate(struck.getDate() - 1);
  return Math.max(since, last?.madeAt ?? 0) < struck.getTime();
}

/** What tells a device's files from another's, by its author in hexadecimal. */
export function markOf(device: string): string {
  return device.slice(0, 4);
}

/** The name of a day's file, by what tells this device's from another's. */
export function fileNameOf(madeAt: number, mark: string): string {
  const at = new Date(madeAt);
  const two = (number: number) => String(number).padStart(2, '0');
  return `Copie de secours ${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${mark}.html`;
}

export interface MakeOptions {
  /** The device's author, in hexadecimal. */
  readonly device: string;
  readonly language: Language;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Saved {
  readonly file: string;
  readonly made: MadeFile;
  readonly place: RescuePlace;
}

/** Makes the copy and puts it where it belongs; into the downloads where the folder cannot be reached. Null when it was stopped. */
export async function makeCopy(
  engine: EngineProxy,
  { place }: RescueSetting,
  { device, language, onProgress = () => undefined }: MakeOptions,
): Promise<Saved | null> {
  const made = await engine.desks.rescue.make(await pageScript(), language, proxy(onProgress));
  if (made === null) return null;
  const { bytes, madeAt, patients, sizeBytes } = made;
  const mark = markOf(device);
  const name = fileNameOf(madeAt, mark);
  const own = new RegExp(`^Copie de secours \\d{4}-\\d\\d-\\d\\d ${mark}\\.html$`);
  const isOwn = (other: string) => own.test(other);
  const isWritten = place.kind === 'folder' && (await writeInFolder(device, { name, bytes, isOwn }));
  const put: RescuePlace = isWritten ? place : { kind: 'download', name: '' };
  if (!isWritten) download(name, new Blob([bytes], { type: 'text/html' }));
  await engine.desks.rescue.saved({ madeAt, patients, sizeBytes, place: put });
  return { file: name, made, place: put };
}

/** Hands the browser a copy of nobody; returns its passphrase. */
export async function makeExample(engine: EngineProxy, language: Language, name: string): Promise<string> {
  const { bytes, phrase } = await engine.desks.rescue.example(await pageScript(), language);
  download(`${name}.html`, new Blob([bytes], { type: 'text/html' }));
  return phrase;
}

async function pageScript(): Promise<string> {
  const answer = await fetch(script);
  if (!answer.ok) throw new TypeError(`The server does not give ${script}`);
  return answer.text();
}
