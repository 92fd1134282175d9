import type { PracticeStatus } from '@serment/replica/practice-status';
import type { RescueSetting } from '@serment/replica/rescue-settings';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { useNow } from '../../ui/now.ts';
import { oldAfterMs } from './copies.ts';
import { Elsewhere } from './elsewhere.tsx';

/** How old this device's rescue copy is, and which others make one; for who reads medical files. */
export function RescueSection({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const isDoctor = status.role === 'doctor';
  const { value, error } = useAsked('rescue', async () => ({ view: await engine.desks.rescue.view() }), status.size);
  return (
    <section className="vault-rescue" aria-label={t('rescue.title')}>
      <h2>{t('rescue.title')}</h2>
      {error === null ? null : <p className="vault-row red">{errorText(error)}</p>}
      <div className="vault-row">
        {value === null ? <span className="muted">{t('rescue.loading')}</span> : <State view={value.view} />}
        {isDoctor ? (
          <Link to="/coffre/secours">{t(value?.view === null ? 'rescue.section.set' : 'rescue.section.see')}</Link>
        ) : null}
      </div>
      <Elsewhere mark={status.size} isShort />
    </section>
  );
}

function State({ view }: { readonly view: RescueSetting | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  if (view === null) return <span className="muted">{t('rescue.section.none')}</span>;
  if (view.last === null) return <span className="amber">{t('rescue.section.waiting')}</span>;
  const { madeAt, patients } = view.last;
  const told = { ago: format.ago(madeAt, now), patients: t('rescue.patients', { count: patients }) };
  return now - madeAt > oldAfterMs ? (
    <span className="amber">{t('rescue.section.old', told)}</span>
  ) : (
    <span>{t('rescue.section.fresh', told)}</span>
  );
}
