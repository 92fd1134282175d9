import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useDepositPart, useFollowedLater } from '../deposits/use-deposits.ts';

/** What waits for this person, each with how much of it. */
export function ToSee() {
  const { t } = useTranslation();
  const engine = useEngine();
  const part = useDepositPart();
  const { value, error } = useFollowedLater(`to see ${part}`, async () => {
    const [counts, deposits] = await Promise.all([
      engine.desks.inbox.counts(),
      part === null ? 0 : engine.desks.deposits.waiting(),
    ]);
    return { ...counts, deposits };
  });
  const place = part === 'files' ? '/a-classer' : '/depots';
  const lines = (['toRead', 'toFile', 'toTell', 'deposits'] as const).flatMap((name) => {
    const count = value?.[name] ?? 0;
    return count === 0 ? [] : [{ name, count }];
  });
  const { late = 0, missing = 0 } = value ?? {};
  return (
    <section aria-label={t('today.toSee')}>
      <h2>{t('today.toSee')}</h2>
      <Failure error={error} />
      {missing === 0 ? null : <p className="amber">{t('inbox.missing', { count: missing })}</p>}
      {value !== null && lines.length === 0 && missing === 0 ? <p className="muted">{t('today.nothing')}</p> : null}
      <ul className="see-list">
        {late === 0 ? null : (
          <li>
            <Link to={place} className="amber">
              {t('today.late', { count: late })}
            </Link>
          </li>
        )}
        {lines.map(({ name, count }) => (
          <li key={name}>
            <Link to={place}>
              <span>{t(`today.${name}`)}</span>
              <b>{count}</b>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
