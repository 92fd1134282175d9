import type { DrillView } from '@serment/replica/drill-record';
import type { PracticeStatus } from '@serment/replica/practice-status';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { staleDrillMs } from '../../shield/shield.ts';
import { Tick } from '../../ui/marks.tsx';
import { useNow } from '../../ui/now.ts';
import { CertificateButton } from './certificate-button.tsx';
import { useDrillWords } from './drill-words.ts';

type Copy = PracticeStatus['copies'][number];

/** Each copy: where it stands, and whether it has everything. */
export function CopiesLine({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  return (
    <div>
      <dt>{t('vault.copies')}</dt>
      {status.copies.length === 0 ? (
        <dd className="amber">{t('vault.noCopies')}</dd>
      ) : (
        <>
          <dd>
            {status.copies.map((copy) => (
              <div className="copy-line" key={copy.name}>
                <b>{copy.name}</b>
                <br />
                <span className={copy.sameDisk ? 'amber' : 'muted'}>{t(`vault.${standingOf(copy)}`)}</span>
              </div>
            ))}
          </dd>
          <dd className="state">
            {status.copies.map((copy) => (
              <div className="copy-line" key={copy.name}>
                <CopyState copy={copy} status={status} />
              </div>
            ))}
          </dd>
        </>
      )}
    </div>
  );
}

/** Against what it stands: only a locked copy counts against a virus. */
function standingOf({ kind, sameDisk }: Copy): 'locked' | 'sameDisk' | 'apart' {
  if (kind === 's3') return 'locked';
  return sameDisk ? 'sameDisk' : 'apart';
}

function CopyState({ copy, status }: { readonly copy: Copy; readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(1000);
  const ago = copy.publishedAt === null ? '' : format.ago(copy.publishedAt, now);
  if (copy.state === 'failing')
    return <span className="red">{ago === '' ? t('vault.failing') : t('vault.failingSince', { ago })}</span>;
  const { size, online, lastSyncAt, restored } = status;
  if (restored !== null) return <span className="muted">{t('vault.afterConfirm')}</span>;
  // Nothing new is heard of a copy while the host is silent.
  if (!online && copy.size >= size && lastSyncAt !== null)
    return <span className="muted">{t('vault.heldAll', { time: format.time(lastSyncAt) })}</span>;
  if (copy.size < size)
    return (
      <span className="amber">
        {t('vault.behind', { count: size - copy.size })}
        <br />
        {ago}
      </span>
    );
  return (
    <span className={copy.sameDisk ? 'muted' : 'proven'}>
      <Tick isDouble /> {t('vault.holdsAll')}
      <br />
      <span className="muted">{ago}</span>
    </span>
  );
}

/**
 * The last proof that a copy which holds all there is gives the practice back; null while there is none, or one that is
 * out of date, or whose copy stands on the disk that it protects against.
 */
export function provenCopy({ copies, drills, size }: PracticeStatus, nowMs = Date.now()): DrillView | null {
  const holding = copies.filter((copy) => !copy.sameDisk && copy.size >= size).map(({ name }) => name);
  const proven = drills.copies.flatMap(({ destination, answered, proven }) =>
    holding.includes(destination) && answered?.outcome === 'proven' && proven !== null ? [proven] : [],
  );
  return newestOf(proven.filter(({ startedAt }) => nowMs - startedAt <= staleDrillMs));
}

function newestOf(drills: readonly DrillView[]): DrillView | null {
  return drills.toSorted((left, right) => right.startedAt - left.startedAt)[0] ?? null;
}

/** What was restored or read back from a copy, when, and what differed: nothing is said that was not done. */
export function ProofLine({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const copies = status.drills.copies.filter(({ destination }) =>
    status.copies.some(({ name }) => name === destination),
  );
  const failed = newestOf(copies.flatMap(({ answered }) => (answered?.outcome === 'failed' ? [answered] : [])));
  const proven = newestOf(copies.flatMap((copy) => copy.proven ?? []));
  const drill = failed ?? proven;
  return (
    <div>
      <dt>{t('vault.proof')}</dt>
      {drill === null ? <ReadBack status={status} /> : <Restored drill={drill} status={status} />}
    </div>
  );
}

/** The last restoration: the one that failed, as long as none of its copy was proven since. */
function Restored({ drill, status }: { readonly drill: DrillView; readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useDrillWords();
  const now = useNow(30_000);
  const { destination: copy, startedAt, durationMs, findings, outcome } = drill;
  const isTrial = status.copies.find(({ name }) => name === copy)?.sameDisk ?? false;
  const isLate = outcome === 'proven' && now - startedAt > staleDrillMs;
  const when = format.moment(startedAt);
  return (
    <>
      <dd>
        {outcome === 'failed' ? (
          <>
            <b className="red">{t('drills.proofFailed', { copy })}</b>
            <br />
            <span className="muted">{t('drills.proofFailedDetail', { when, why: words.why(drill) })}</span>
          </>
        ) : (
          <>
            <b>{t('drills.proof', { when: format.ago(startedAt, now) })}</b>
            <br />
            <span className="muted">
              {t('drills.proofDetail', { ...words.counted(drill), copy, duration: words.duration(durationMs) })}
            </span>
          </>
        )}
      </dd>
      <dd className="state">
        <span className={outcome === 'failed' ? 'red' : isLate ? 'amber' : isTrial ? 'muted' : 'proven'}>
          {isLate
            ? t('drills.late')
            : findings === 0
              ? t('vault.noDifference')
              : t('vault.differences', { count: findings })}
        </span>
        <br />
        <CertificateButton drill={drill} />
      </dd>
    </>
  );
}

/** Before the first restoration: what was read back whole. */
function ReadBack({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const verified = status.copies
    .filter((copy) => copy.verifiedAt !== null)
    .sort((left, right) => (right.verifiedAt ?? 0) - (left.verifiedAt ?? 0))[0];
  if (verified === undefined)
    return (
      <dd>
        <b>{t('vault.proofNone')}</b>
        <br />
        <span className="muted">{t('vault.proofNoneDetail')}</span>
      </dd>
    );
  const differences = verified.verifiedFindings ?? 0;
  const when = verified.verifiedAt === null ? '' : format.ago(verified.verifiedAt, now);
  return (
    <>
      <dd>
        <b>{t('vault.proofDone', { when })}</b>
        <br />
        <span className="muted">{t('vault.proofDetail', { count: verified.verifiedSize ?? 0 })}</span>
      </dd>
      <dd className={`state ${differences > 0 ? 'red' : verified.sameDisk ? 'muted' : 'proven'}`}>
        {differences === 0 ? t('vault.noDifference') : t('vault.differences', { count: differences })}
      </dd>
    </>
  );
}
