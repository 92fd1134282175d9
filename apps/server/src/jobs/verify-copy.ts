import { text } from 'node:stream/consumers';
import { type CopyPlace, openPlace } from '@serment/store/copy/places';
import { keepHeapSmall } from '@serment/store/copy/small-heap';
import { verifyCopy } from '@serment/store/copy/verify';

/** What a verification found, practice by practice; the last line of this process's output. */
export interface VerifiedCopy {
  readonly practices: readonly { readonly practice: string; readonly size: number; readonly damages: number }[];
}

// A process of its own: reading a copy whole takes one core for minutes, and the server must go on answering.
keepHeapSmall();
const [only] = process.argv.slice(2);
const place: CopyPlace = JSON.parse(await text(process.stdin));
const damages = new Map<string | null, number>();
const destination = await openPlace(place);
const report = await verifyCopy(destination, {
  ...(only === undefined ? {} : { practice: only }),
  onFinding({ severity, reach: { practice } }) {
    if (severity === 'damage') damages.set(practice, (damages.get(practice) ?? 0) + 1);
  },
});
await destination.close();
// Damage that is nobody's in particular is everybody's.
const shared = damages.get(null) ?? 0;
const practices = report.practices.map(({ practice, size }) => ({
  practice,
  size,
  damages: shared + (damages.get(practice) ?? 0),
}));
process.stdout.write(`${JSON.stringify({ practices } satisfies VerifiedCopy)}\n`);
