import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useSessionState, useStatus } from '../../session/use-session.ts';
import { AskedValue } from '../../ui/asked-value.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import { makeExample } from './copies.ts';
import { Elsewhere } from './elsewhere.tsx';
import { RescueState } from './rescue-state.tsx';
import { SetUp } from './set-up.tsx';
import '../vault/vault.css';
import '../welcome/welcome.css';
import '../kit/kit.css';
import './rescue.css';

/** What a practice reads when its host is down: set up once, made each evening. */
export function RescuePage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const status = useStatus();
  const device = useSessionState().engine.current?.device ?? '';
  // What a window was shown stays until the next answer: another window may make one too.
  const asked = useAsked('rescue', async () => ({ view: await engine.desks.rescue.view() }), status?.size);
  const [isSettingUp, setSettingUp] = useState(false);
  const [isFirst, setFirst] = useState(false);
  useTitle(t('rescue.title'));
  if (status === null) return null;
  const done = () => {
    setSettingUp(false);
    setFirst(true);
    asked.again();
  };
  return (
    <div className="host-page rescue-page">
      <BackLink to="/coffre">{t('host.back')}</BackLink>
      {status.role !== 'doctor' ? (
        <>
          <h1>{t('rescue.title')}</h1>
          <Notice tone="plain">{t('rescue.doctorOnly')}</Notice>
        </>
      ) : isSettingUp ? (
        <SetUp device={device} onDone={done} onBack={() => setSettingUp(false)} />
      ) : (
        <>
          <h1>{t('rescue.title')}</h1>
          <p className="rescue-lead">{t('rescue.lead')}</p>
          <p className="rescue-scope muted row-text">{t('rescue.scope')}</p>
          <AskedValue asked={asked} loading={t('rescue.loading')}>
            {({ view }) =>
              view === null ? (
                <div className="rescue-acts">
                  <Button onClick={() => setSettingUp(true)}>{t('rescue.begin')}</Button>
                  <Example />
                </div>
              ) : (
                <RescueState {...{ view, device, status }} isFirst={isFirst} onChanged={asked.again}>
                  <Example />
                </RescueState>
              )
            }
          </AskedValue>
        </>
      )}
      {status.compartments.includes('clinical') && !isSettingUp ? (
        <section className="rescue-elsewhere" aria-label={t('rescue.elsewhere')}>
          <h2>{t('rescue.elsewhere')}</h2>
          <Elsewhere mark={status.size} />
        </section>
      ) : null}
    </div>
  );
}

/** A copy of nobody, to see what one is. */
function Example() {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const [phrase, setPhrase] = useState<string | null>(null);
  const { isBusy, error, run } = useAttempt();
  const make = () =>
    run(async () => setPhrase(await makeExample(engine, language, `${t('rescue.title')} - ${t('rescue.example')}`)));
  return (
    <>
      <Button variant="default" loading={isBusy} onClick={() => void make()}>
        {t('rescue.example')}
      </Button>
      <Failure error={error} />
      {phrase === null ? null : (
        <p className="row-text rescue-wide" role="status">
          {t('rescue.exampleDone', { phrase })}
        </p>
      )}
    </>
  );
}
