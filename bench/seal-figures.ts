import { type Bar, type Figure, median, medianRatio } from './bench.ts';
import type { SealTimes, SealWork } from './seal-work.ts';

/** What is told of sealing in one runtime at one size. */
export function sealFigures(runtime: string, work: SealWork, times: SealTimes): Figure[] {
  const prefix = `${runtime}, ${work.sizeBytes / 2 ** 20} MiB`;
  const speed = (name: keyof SealTimes) => (work.sizeBytes * work.repeats) / 1000 / median(times[name]);
  const figures: Figure[] = [];
  for (const verb of ['seal', 'open'] as const) {
    const bare = verb === 'seal' ? ('bareSeal' as const) : ('bareOpen' as const);
    const [whole, dropped, pieces] = [`${bare}Whole` as const, `${bare}Dropped` as const, `${bare}Pieces` as const];
    figures.push(
      { label: `${prefix}: ${verb}`, value: speed(verb), unit: 'MB/s' },
      { label: `${prefix}: bare ${verb}`, value: speed(whole), unit: 'MB/s' },
      { label: `${prefix}: ${verb} against bare`, value: medianRatio(times[whole], times[verb]), unit: '×' },
      { label: `${prefix}: ${verb} as it comes`, value: speed(`${verb}Pieces`), unit: 'MB/s' },
      { label: `${prefix}: bare ${verb} as it comes`, value: speed(pieces), unit: 'MB/s' },
      {
        label: `${prefix}: ${verb} as it comes against bare`,
        value: medianRatio(times[pieces], times[`${verb}Pieces`]),
        unit: '×',
      },
      { label: `${prefix}: bare ${verb}, results dropped`, value: speed(dropped), unit: 'MB/s' },
    );
  }
  return figures;
}

const leastShare = 0.9;

export function sealBars(runtime: string, sizesMiB: readonly number[]): Record<string, Bar> {
  const bars: Record<string, Bar> = {};
  for (const size of sizesMiB) {
    for (const verb of ['seal', 'open']) {
      const prefix = `${runtime}, ${size} MiB: ${verb}`;
      bars[`${prefix} against bare`] = { least: leastShare };
      bars[`${prefix} as it comes against bare`] = { least: leastShare };
      const bare = `${runtime}, ${size} MiB: bare ${verb} as it comes`;
      bars[`${prefix} as it comes`] = { least: 400, within: { label: bare, share: leastShare } };
    }
  }
  return bars;
}

export const sealMethod = `Random bytes are sealed and opened: as one message, whole (\`sealBytes\`, \`openBytes\`), and as
documents are, *as it comes* (\`sealTo\`, \`openTo\`: pieces of 1 MiB in, results out in a buffer that is used again). The
baseline makes the same AES-256-GCM calls of WebCrypto on the same 16 KiB chunks with as many in flight (32), and nothing
else: no key derivation, no commitment, no nonce but a counter. It delivers what it is held against: one fresh array, which
has to be taken from the system page by page and costs about as much as the cipher, or the same reused buffer. *Results
dropped* keeps nothing, so nobody could use it; it is the ceiling of the platform. At 1 MiB the key derivation of each
message shows; bars are on the larger sizes. Where the baseline itself stays below 400 MB/s over 0.9, that bar is *out of
reach* of anything built on it, and the ratio alone is held: on a virtual machine whose page faults take 15 µs, most of a
chunk's time goes into the fresh array that each call of WebCrypto returns.`;
