import { useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useEngineEvents, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { askForStorage } from './storage.ts';

/** Whether this file reads without a network, and the choice to keep it so. */
export function KeepFile({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [turn, setTurn] = useState(0);
  const isOnline = useStatus()?.online === true;
  const asked = useAsked(`kept ${patient}`, () => engine.desks.offline.kept(patient), `${turn} ${isOnline}`);
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEngineEvents((event) => {
    const isOfFile = event.type === 'patient' && event.patient === patient;
    if (!(isOfFile || event.type === 'kept') || waiting.current !== null) return;
    waiting.current = setTimeout(() => {
      waiting.current = null;
      setTurn((count) => count + 1);
    }, gatherMs);
  });
  const { isBusy, error, run } = useAttempt();
  const { value } = asked;
  if (value === null) return <Failure error={asked.error} />;
  const { isPinned, isOfToday, isHere } = value;
  const change = () =>
    run(async () => {
      if (isPinned) await engine.desks.offline.unpin(patient);
      else await engine.desks.offline.pin(patient);
      if (!isPinned) void askForStorage();
    });
  const why = isPinned ? 'pinned' : isOfToday ? 'today' : 'opened';
  return (
    <div data-testid="kept" data-here={isHere}>
      <p>
        {isHere
          ? t(`offlineFile.kept.${why}`)
          : t(isPinned || isOfToday ? 'offlineFile.kept.coming' : 'offlineFile.kept.absent')}
      </p>
      <button type="button" className="text-button" disabled={isBusy} onClick={() => void change()}>
        {t(isPinned ? 'offlineFile.kept.unpin' : 'offlineFile.kept.pin')}
      </button>
      <Failure error={error} />
    </div>
  );
}

const gatherMs = 200;
