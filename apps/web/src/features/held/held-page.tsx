import type { FactorOffer } from '@serment/core/wire/login';
import type { HeldDevice } from '@serment/replica/holds';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useSessionState, useStatus } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { useErrorText } from '../../ui/error-text.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import { codeOf } from '../../worker/carried-error.ts';
import { FactorStep } from '../unlock/factor-step.tsx';
import { PasswordForm } from '../unlock/password-form.tsx';
import '../unlock/unlock.css';
import './held.css';

/** What happened to this device, what is safe, and how it goes on. */
export function HeldPage() {
  const { t } = useTranslation();
  const status = useStatus();
  useTitle(t('held.title'));
  if (status === null) return null;
  const [hold] = status.isHeld ? status.held : [];
  return (
    <div className="page held-page">
      <BackLink to="/coffre">{t('vault.title')}</BackLink>
      {hold === undefined ? (
        <>
          <h1>{t('held.freeTitle')}</h1>
          <p className="held-lead">{t('held.free')}</p>
          <p className="row-text">
            <Link to="/aujourdhui">{t('today.link')}</Link>
          </p>
        </>
      ) : (
        <Held hold={hold} pending={status.pending} />
      )}
    </div>
  );
}

function Held({ hold, pending }: { readonly hold: HeldDevice; readonly pending: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const { value: vault } = useAsked('held', () => engine.desks.vault.view());
  const when = format.moment(hold.since);
  const name = vault?.members.find(({ member }) => member === hold.by)?.name ?? t('file.someone');
  const why = hold.by === null ? t(`held.why.${causeOf(hold)}`, { when }) : t('held.why.member', { when, name });
  return (
    <>
      <h1>{t('held.title')}</h1>
      <p className="held-lead">{why}</p>
      <section>
        <h2>{t('held.safeTitle')}</h2>
        <p>{t('held.safe')}</p>
        <p className="muted">
          {pending === 0 ? '' : t('held.kept', { count: pending })} {t('held.limit')}
        </p>
      </section>
      <section>
        <h2>{t('held.meantTitle')}</h2>
        <p>{t('held.elsewhere')}</p>
        {hold.by === null ? <Here /> : null}
      </section>
      <section>
        <h2>{t('held.notMeantTitle')}</h2>
        <p>{t('held.notMeant')}</p>
      </section>
    </>
  );
}

function causeOf({ cause }: HeldDevice): 'read-much' | 'wrote-much' | 'restricted-much' | 'unusual' {
  return cause === 'read-much' || cause === 'wrote-much' || cause === 'restricted-much' ? cause : 'unusual';
}

/** Who has nobody else, and no other device, goes on by what opened the day: the password, and the second factor. */
function Here() {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const { current } = useSessionState().engine;
  const [isAsked, setAsked] = useState(false);
  const [offers, setOffers] = useState<readonly FactorOffer[] | null>(null);
  const { isBusy, error, run } = useAttempt();
  if (!isAsked)
    return (
      <p>
        <button type="button" className="text-button" onClick={() => setAsked(true)}>
          {t('held.here')}
        </button>
      </p>
    );
  const isWrong = codeOf(error) === 'PASSWORD_WRONG';
  return (
    <div className="held-here">
      {offers === null ? (
        <PasswordForm
          isBusy={isBusy}
          isDemo={current?.isDemo === true}
          error={isWrong ? errorText(error) : null}
          autoFocus
          submit={t('held.submit')}
          onPassword={async (password) => {
            await run(async () => setOffers(await engine.lettingGo.begin(password)));
          }}
        />
      ) : (
        <FactorStep
          offers={offers}
          lead={t('held.factorLead')}
          desk={engine.lettingGo}
          submit={t('held.confirm')}
          onBack={() => setOffers(null)}
        />
      )}
      {isWrong ? null : <Failure error={error} />}
      {offers === null ? <Notice tone="plain">{t('held.hereLead')}</Notice> : null}
    </div>
  );
}
