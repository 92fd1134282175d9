import type { DrillView } from '@serment/replica/drill-record';
import { useTranslation } from '../../i18n/use-translation.ts';

type Why = 'lost' | 'journal' | 'differs' | 'unreachable' | 'room' | 'stopped' | 'restored' | 'unknown';

/** What a code of the host or of a copy means to a practice; the first that fits. */
const meanings: readonly (readonly [Why, RegExp])[] = [
  ['lost', /^(BLOB|PAYLOADS?)_/],
  ['differs', /^(FORK|ROLLBACK|SEEN_FORK|CHECKPOINT_FORK|(RESTORE_)?ROOT_MISMATCH)$/],
  ['room', /^(SCRATCH_TOO_SMALL|DISK_FULL|STORAGE_FULL)$/],
  [
    'unreachable',
    /^(COPY_(FOLDER_MISSING|FORBIDDEN|DISK_ERROR|IO_FAILED|NOT_FOUND|UNREACHABLE|CREDENTIALS_REFUSED|BUCKET_MISSING|CLOCK_SKEWED)|DESTINATION_UNKNOWN)$/,
  ],
  ['stopped', /^(DRILL_(STOPPED|CRASHED)|DATABASE_|DATA_)/],
  ['restored', /^(VAULT_RESTORED|REFUSED)$/],
  [
    'journal',
    /^(ENTRY|BUNDLE|TAIL|TILE|NODES|INDEX|CHECKPOINT|SIGNATURE|UNAUTHORIZED|DUPLICATE|TIME|RIGHTS|FENCE|STREAM|SNAPSHOT|HEADS|OBJECT|COPY_NOTHING)/,
  ],
];

export function whyOf(code: string | undefined): Why {
  return meanings.find(([, pattern]) => pattern.test(code ?? ''))?.[0] ?? 'unknown';
}

export interface DrillWords {
  /** `6 minutes`, as exact as a person needs it. */
  readonly duration: (ms: number) => string;
  /** How much was compared, in words. */
  readonly counted: (drill: Pick<DrillView, 'entries' | 'blobs'>) => { entries: string; documents: string };
  /** Why a drill is not proven: in words, each once. */
  readonly why: (drill: Pick<DrillView, 'codes'>) => string;
}

export function useDrillWords(): DrillWords {
  const { t } = useTranslation();
  return {
    duration(ms) {
      const seconds = Math.max(1, Math.round(ms / 1000));
      if (seconds < 90) return t('drills.seconds', { count: seconds });
      const minutes = Math.round(seconds / 60);
      return minutes < 90
        ? t('drills.minutes', { count: minutes })
        : t('drills.hours', { count: Math.round(minutes / 60) });
    },
    counted: ({ entries, blobs }) => ({
      entries: t('vault.entries', { count: entries }),
      documents: t('drills.documents', { count: blobs }),
    }),
    why({ codes }) {
      const found = codes.length === 0 ? [whyOf(undefined)] : codes.map(whyOf);
      return [...new Set(found)].map((why) => t(`drills.why.${why}`)).join(', ');
    },
  };
}
