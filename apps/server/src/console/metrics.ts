import type { HostOverview } from '@serment/core/wire/console';
import { Gauge, type Registry } from 'prom-client';

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | null];

interface Figure {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (view: HostOverview) => readonly Sample[];
}

const figures: readonly Figure[] = [
  one('serment_practices', 'Practices at this host', ({ practices }) => practices),
  one('serment_practices_suspended', 'Practices that are suspended', ({ suspended }) => suspended),
  one('serment_entries', 'Entries of all journals', ({ entries }) => entries),
  one('serment_bytes', 'Bytes of all entries, payloads and documents', ({ bytes }) => bytes),
  {
    ...{ name: 'serment_copy_practices', help: 'Practices by the state of their copy', labels: ['copy', 'state'] },
    read: byCopy((copy) => (['current', 'behind', 'failing'] as const).map((state) => [{ state }, copy[state]])),
  },
  {
    name: 'serment_copy_lag_seconds',
    help: 'How far behind a copy is now, over practices',
    labels: ['copy', 'quantile'],
    read: byCopy(({ lagMedian, lagNearAll, lagWorst }) => [
      [{ quantile: '0.5' }, inSeconds(lagMedian)],
      [{ quantile: '0.99' }, inSeconds(lagNearAll)],
      [{ quantile: '1' }, inSeconds(lagWorst)],
    ]),
  },
  {
    name: 'serment_copy_errors',
    help: 'Practices whose copy fails, by error',
    labels: ['copy', 'code'],
    read: byCopy(({ errors }) => errors.map(({ code, count }) => [{ code }, count])),
  },
  ofCopy('serment_copy_entries', 'Entries that a copy holds', ({ entries }) => entries),
  ofCopy('serment_copy_bytes', 'What a copy weighed in the last trial restorations', ({ bytes }) => bytes),
  ofCopy('serment_copy_damaged', 'Practices whose last verification found damage', ({ damaged }) => damaged),
  ofCopy(
    'serment_copy_restore_failed',
    'Practices whose last trial restoration failed',
    ({ restoreFailed }) => restoreFailed,
  ),
  ofCopy('serment_copy_verified_seconds', 'When the practice verified least recently was, since 1970', (copy) =>
    inSeconds(copy.verifiedAt),
  ),
  ofCopy('serment_copy_restored_seconds', 'When the practice restored least recently was, since 1970', (copy) =>
    inSeconds(copy.restoredAt),
  ),
  {
    name: 'serment_drills_last_night',
    help: 'Trial restorations of the last night that is over, by outcome',
    labels: ['outcome'],
    read: ({ lastNight }) =>
      lastNight === null
        ? []
        : [
            ...(['proven', 'failed', 'inconclusive'] as const).map(
              (outcome) => [{ outcome }, lastNight[outcome]] as const,
            ),
            [{ outcome: 'late' }, lastNight.open],
          ],
  },
  {
    ...{ name: 'serment_drill_queue', help: 'Trial restorations not done', labels: ['state'] },
    read: ({ waiting, givenUp }) => [
      [{ state: 'waiting' }, waiting],
      [{ state: 'given-up' }, givenUp],
    ],
  },
  ofDisk('serment_disk_free_bytes', 'Room left on a disk', ({ freeBytes }) => freeBytes),
  ofDisk('serment_disk_total_bytes', 'Size of a disk', ({ totalBytes }) => totalBytes),
  ofDisk('serment_disk_full_seconds', 'When a disk is full at the rate of the last week, since 1970', ({ fullAt }) =>
    inSeconds(fullAt),
  ),
];

/** Figures of the installation and of each copy, never of a practice (docs/operations.md, Figures). */
export function addHostMetrics(registry: Registry, overview: () => Promise<HostOverview>): void {
  let reading: { readonly at: number; readonly view: Promise<HostOverview> } | null = null;
  // One scrape reads once.
  const read = () => {
    if (reading === null || performance.now() - reading.at > 2000)
      reading = { at: performance.now(), view: overview() };
    return reading.view;
  };
  for (const { name, help, labels, read: samplesOf } of figures) {
    new Gauge({
      ...{ name, help, labelNames: [...labels], registers: [registry] },
      async collect() {
        const view = await read().catch(() => null);
        this.reset();
        // Without labels it would tell 0, which is not what is known.
        if (labels.length === 0) this.remove();
        for (const [own, value] of view === null ? [] : samplesOf(view)) if (value !== null) this.set(own, value);
      },
    });
  }
}

function one(name: string, help: string, read: (view: HostOverview) => number): Figure {
  return { name, help, labels: [], read: (view) => [[{}, read(view)]] };
}

function byCopy(read: (copy: HostOverview['copies'][number]) => readonly Sample[]): Figure['read'] {
  return ({ copies }) =>
    copies.flatMap((copy) => read(copy).map(([labels, value]) => [{ copy: copy.name, ...labels }, value] as const));
}

function ofCopy(name: string, help: string, read: (copy: HostOverview['copies'][number]) => number | null): Figure {
  return { name, help, labels: ['copy'], read: byCopy((copy) => [[{}, read(copy)]]) };
}

function ofDisk(name: string, help: string, read: (disk: HostOverview['disks'][number]) => number | null): Figure {
  return { name, help, labels: ['disk'], read: ({ disks }) => disks.map((disk) => [{ disk: disk.name }, read(disk)]) };
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
