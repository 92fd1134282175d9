import { Button } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';

interface HoldsSectionProps {
  readonly isOn: boolean;
  readonly isDoctor: boolean;
}

/** Whether a device that does unusually much is held: the practice's choice, which its doctors make. */
export function HoldsSection({ isOn, isDoctor }: HoldsSectionProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  return (
    <section className="member holds" aria-label={t('holds.title')}>
      <h2 className="name">{t('holds.title')}</h2>
      <p className="members-lead">{t(isOn ? 'holds.on' : 'holds.off')}</p>
      <p className="members-lead muted">{t('holds.means')}</p>
      {isDoctor ? (
        <Button variant="default" loading={isBusy} onClick={() => void run(() => engine.desks.devices.setHolds(!isOn))}>
          {t(isOn ? 'holds.stop' : 'holds.begin')}
        </Button>
      ) : (
        <p className="members-lead muted">{t('holds.doctors')}</p>
      )}
      <Failure error={error} />
    </section>
  );
}
