import type { PracticeStatus } from '@serment/replica/practice';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { Tick } from '../../ui/marks.tsx';
import { useNow } from '../../ui/now.ts';

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

/** What was read back from a copy, when, and what differed: nothing is said that was not done. */
export function ProofLine({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const verified = status.copies
    .filter((copy) => copy.verifiedAt !== null)
    .sort((left, right) => (right.verifiedAt ?? 0) - (left.verifiedAt ?? 0))[0];
  if (verified === undefined)
    return (
      <div>
        <dt>{t('vault.proof')}</dt>
        <dd>
          <b>{t('vault.proofNone')}</b>
          <br />
          <span className="muted">{t('vault.proofNoneDetail')}</span>
        </dd>
      </div>
    );
  const differences = verified.verifiedFindings ?? 0;
  const when = verified.verifiedAt === null ? '' : format.ago(verified.verifiedAt, now);
  return (
    <div>
      <dt>{t('vault.proof')}</dt>
      <dd>
        <b>{t('vault.proofDone', { when })}</b>
        <br />
        <span className="muted">{t('vault.proofDetail', { count: verified.verifiedSize ?? 0 })}</span>
      </dd>
      <dd className={`state ${differences > 0 ? 'red' : verified.sameDisk ? 'muted' : 'proven'}`}>
        {differences === 0 ? t('vault.noDifference') : t('vault.differences', { count: differences })}
      </dd>
    </div>
  );
}
