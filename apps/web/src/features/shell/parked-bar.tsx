import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { patientOfDraft } from '../../file-view/draft-key.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { DelayedAct } from '../../session/delayed.ts';
import { useDelayedActs } from '../../session/use-delayed.ts';
import { useAsked, useEngineEvents, useSession } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { useNow } from '../../ui/now.ts';
import type { ParkedDraft } from '../../worker/consultation-desk.ts';
import { thisWindow } from '../consultation/this-window.ts';
import { useNameOrNone } from '../patients/person.tsx';
import './parked-bar.css';

/** The one place that names what waits: consultations that another patient interrupted, and signatures to come. */
export function ParkedBar() {
  const { t } = useTranslation();
  const { engine, delayed } = useSession();
  const navigate = useNavigate();
  const format = useFormat();
  const name = useNameOrNone();
  const { pathname } = useLocation();
  const shown = pathname.startsWith('/patients/') ? `Patient/${pathname.slice('/patients/'.length)}` : '';
  const { value, again } = useAsked('parked', () => engine.desks.consultations.parked(), pathname);
  useEngineEvents((event) => {
    const patient = event.type === 'draft' ? patientOfDraft(event.key) : null;
    // What is typed in the file that is shown asks for nothing.
    if (patient !== null && patient !== shown) again();
  });
  const parked = (value ?? []).filter(({ patient }) => patient !== shown);
  const acts = useDelayedActs().filter(({ patient }) => patient !== shown);
  useEffect(() => {
    for (const { key, state } of acts) if (state === 'done') delayed.cancel(key);
  });
  const open = (patient: string) =>
    void navigate({ to: '/patients/$id', params: { id: patient.slice('Patient/'.length) } });
  const back = useReturn(parked, pathname, open);
  const waiting = acts.filter(({ state }) => state !== 'done');
  if (parked.length === 0 && waiting.length === 0) return null;
  return (
    <section className="parked-bar" aria-label={t('parked.label')}>
      {waiting.map((act) => (
        <Waiting key={act.key} act={act} onOpen={() => open(act.patient)} onCancel={() => delayed.cancel(act.key)} />
      ))}
      {parked.map((one) => (
        <span key={one.key} className="parked">
          <button type="button" className="parked-name" onClick={() => open(one.patient)}>
            {one.row === null ? t('patients.unnamed') : name(one.row)}
          </button>
          <span className="muted">{t('parked.since', { when: format.moment(one.at) })}</span>
          {one.key === back?.key ? <kbd>{t('parked.escape')}</kbd> : null}
        </span>
      ))}
    </section>
  );
}

interface WaitingProps {
  readonly act: DelayedAct;
  readonly onOpen: () => void;
  readonly onCancel: () => void;
}

function Waiting({ act, onOpen, onCancel }: WaitingProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const now = useNow(500);
  const count = Math.max(0, Math.ceil((act.until - now) / 1000));
  if (act.state === 'failed')
    return (
      <span className="parked red" role="alert">
        {t('parked.failed', { who: act.who, reason: errorText(act.error) })}{' '}
        <button type="button" className="text-button" onClick={onOpen}>
          {t('parked.open')}
        </button>
      </span>
    );
  return (
    <span className="parked">
      {t('parked.signing', { who: act.who, count })}{' '}
      <button type="button" className="text-button" disabled={act.state !== 'waiting'} onClick={onCancel}>
        {t('consultation.cancelSigning')}
      </button>
    </span>
  );
}

/**
 * The one that Escape goes back to: the last that this window left, and from there the one before it. One that was left
 * by going back stays named, and is no way back.
 */
function useReturn(parked: readonly ParkedDraft[], pathname: string, open: (patient: string) => void) {
  const ceiling = useRef(Number.POSITIVE_INFINITY);
  const goingTo = useRef<string | null>(null);
  const isBack = goingTo.current === pathname;
  const limit = isBack ? ceiling.current : Number.POSITIVE_INFINITY;
  const own = parked.filter(({ at, window }) => window === thisWindow() && at < limit);
  const back = own.toSorted((left, right) => right.at - left.at)[0];
  const latest = useRef({ back, open });
  useEffect(() => {
    latest.current = { back, open };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { back: target } = latest.current;
      const isTaken = event.defaultPrevented || document.querySelector('dialog[open], [role=menu]') !== null;
      if (event.key !== 'Escape' || isTaken || target === undefined) return;
      event.preventDefault();
      ceiling.current = target.at;
      goingTo.current = `/patients/${target.patient.slice('Patient/'.length)}`;
      latest.current.open(target.patient);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return back;
}
