import { type Bar, type Figure, median, medianRatio } from './bench.ts';
import type { SealTimes, SealWork } from './seal-work.ts';

/** What is told of sealing in one runtime at one size. */
export function sealFigures(runtime: string, work: SealWork, times: SealTimes): Figure[] {
  const prefix = `${runtime}, ${work.sizeBytes / 2 ** 20} MiB`;
  const speed = (name: keyof SealTimes) => (work.sizeBytes * work.repeats) / 1000 / median(times[name]);
  const figures: Figure[] = [];
  for (const verb of ['seal', 'open'] as const) {
    const bare = verb === 'seal' ? ('bareSeal' as const) : ('bareOpen' as const);
    const [whole, dropped, stream] = [`${bare}Whole` as const, `${bare}Dropped` as const, `${verb}Stream` as const];
    figures.push(
      { label: `${prefix}: ${verb}`, value: speed(verb), unit: 'MB/s' },
      {
        label: `${prefix}: ${verb} against bare, one message each`,
        value: medianRatio(times[whole], times[verb]),
        unit: '×',
      },
      {
        label: `${prefix}: ${verb} against bare, its results dropped`,
        value: medianRatio(times[dropped], times[verb]),
        unit: '×',
      },
      { label: `${prefix}: bare ${verb}, one message`, value: speed(whole), unit: 'MB/s' },
      { label: `${prefix}: bare ${verb}, results dropped`, value: speed(dropped), unit: 'MB/s' },
      { label: `${prefix}: ${verb} as a stream`, value: speed(stream), unit: 'MB/s' },
      {
        label: `${prefix}: ${verb} as a stream against bare, its results dropped`,
        value: medianRatio(times[dropped], times[stream]),
        unit: '×',
      },
    );
  }
  return figures;
}

export function sealBars(runtime: string, sizesMiB: readonly number[]): Record<string, Bar> {
  const bars: Record<string, Bar> = {};
  for (const size of sizesMiB) {
    for (const verb of ['seal', 'open']) {
      bars[`${runtime}, ${size} MiB: ${verb}`] = { least: 400 };
      bars[`${runtime}, ${size} MiB: ${verb} against bare, one message each`] = { least: 0.9 };
    }
  }
  return bars;
}

export const sealMethod = `Random bytes are sealed and opened as one message (\`sealBytes\`, \`openBytes\`), then as streams. The baseline
makes the same AES-256-GCM calls on the same 16 KiB chunks with as many calls in flight (32), and nothing else: no key
derivation, no commitment, no nonce but a counter. It is timed twice. *One message* delivers what sealing delivers, one array
with every result in its place, and is what the bar compares: a fresh array has to be taken from the system page by page,
which costs about as much as the cipher. *Results dropped* keeps nothing, so nobody could use it; it is the ceiling of the
platform, and what a stream, whose reader drops each piece, can be held against. At 1 MiB the key derivation of each message
shows; bars are on the larger sizes.`;
