import { bytesToHex } from '@serment/core/bytes';
import type { HostedPractice } from '@serment/core/wire/operator';
import type { CopyStatus } from '@serment/core/wire/status';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import type { Act } from './act-sheet.tsx';

/** How much of a pseudonym tells practices apart on a screen. */
const shownDigits = 12;

export function pseudonymOf({ practice }: HostedPractice): string {
  return bytesToHex(practice).slice(0, shownDigits);
}

interface RowProps {
  readonly hosted: HostedPractice;
  readonly nowMs: number;
  readonly onAct: (act: Act) => void;
}

/** One practice: a line of a table, or, on a telephone, a short list of its own. */
export function PracticeRow({ hosted, nowMs, onAct }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const practice = pseudonymOf(hosted);
  const { created, entries, bytes, written, alarms, copies } = hosted;
  return (
    <tr>
      <th scope="row" data-column="practice">
        <code title={bytesToHex(hosted.practice)}>{practice}</code>
      </th>
      <td data-label={t('operators.created')}>{format.day(created)}</td>
      <td data-label={t('operators.entries')} data-column="entries">
        {format.number(entries)}
      </td>
      <td data-label={t('operators.size')} data-column="size">
        {format.size(bytes)}
      </td>
      <td data-label={t('operators.written')}>{format.moment(written, nowMs)}</td>
      <td data-label={t('operators.alarms')} data-column="alarms" className={alarms > 0 ? 'amber' : ''}>
        {format.number(alarms)}
      </td>
      <td data-label={t('operators.copies')}>
        {copies.length === 0 ? <span className="amber">{t('operators.noCopy')}</span> : null}
        {copies.map((copy) => (
          <div key={copy.name} className="host-copy">
            <span>
              <b>{copy.name}</b> <CopyWords copy={copy} nowMs={nowMs} />
            </span>
            {copy.size === 0 ? null : (
              <button
                type="button"
                className="text-button"
                aria-label={t('operators.verifyOf', { copy: copy.name, practice })}
                onClick={() => onAct({ kind: 'verify', hosted, copy: copy.name })}
              >
                {t('operators.verify')}
              </button>
            )}
          </div>
        ))}
      </td>
      <td data-label={t('operators.acts')}>
        <button
          type="button"
          className="text-button"
          aria-label={t('operators.closeOf', { practice })}
          onClick={() => onAct({ kind: 'close', hosted })}
        >
          {t('operators.close')}
        </button>
      </td>
    </tr>
  );
}

function CopyWords({ copy, nowMs }: { readonly copy: CopyStatus; readonly nowMs: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kind, state, lagMs, sameDisk, verifiedAt, verifiedFindings } = copy;
  const lag = lagMs === null ? null : `${format.number(Math.ceil(lagMs / 1000))} s`;
  const words = state === 'behind' && lag !== null ? t('operators.behindFor', { lag }) : t(`operators.${state}`);
  const findings = verifiedFindings ?? 0;
  return (
    <span className="muted">
      {kind === 's3' ? `${t('operators.locked')}, ` : sameDisk ? `${t('operators.sameDisk')}, ` : ''}
      <span className={state === 'failing' ? 'red' : state === 'behind' ? 'amber' : ''}>{words}</span>,{' '}
      {verifiedAt === null
        ? t('operators.neverVerified')
        : t('operators.verified', { ago: format.ago(verifiedAt, nowMs) })}
      {findings > 0 ? <span className="red">, {t('operators.findings', { count: findings })}</span> : null}
    </span>
  );
}
