import { folderDestination } from '@serment/store/copy/folder';
import { verifyCopy } from '@serment/store/copy/verify';

/** What a verification found, practice by practice; the last line of this process's output. */
export interface VerifiedCopy {
  readonly practices: readonly { readonly practice: string; readonly size: number; readonly damages: number }[];
}

// A process of its own: reading a copy whole takes one core for minutes, and the server must go on answering.
const [path = '', only] = process.argv.slice(2);
const damages = new Map<string | null, number>();
const report = await verifyCopy(folderDestination({ path }), {
  ...(only === undefined ? {} : { practice: only }),
  onFinding({ severity, reach: { practice } }) {
    if (severity === 'damage') damages.set(practice, (damages.get(practice) ?? 0) + 1);
  },
});
// Damage that is nobody's in particular is everybody's.
const shared = damages.get(null) ?? 0;
const practices = report.practices.map(({ practice, size }) => ({
  practice,
  size,
  damages: shared + (damages.get(practice) ?? 0),
}));
process.stdout.write(`${JSON.stringify({ practices } satisfies VerifiedCopy)}\n`);
