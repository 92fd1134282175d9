import type { SaveState as State } from '@serment/replica/patient-file';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useStatus } from '../../session/use-session.ts';
import { isCopyApart } from '../../shield/shield.ts';
import { Clock, Octagon, Tick } from '../../ui/marks.tsx';

interface SaveStateProps {
  readonly state: State;
  /** When a copy was written with it, if this window saw that. */
  readonly copiedAt?: number | null;
  /** When the host received it, or this device kept it. */
  readonly savedAt?: number | null;
  readonly hasWords?: boolean;
}

/** A hollow clock, one tick, two ticks. Two are green only when a copy stands on another disk. */
export function SaveStateMark({ state, copiedAt = null, savedAt = null, hasWords = false }: SaveStateProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const copies = useStatus()?.copies ?? [];
  const isApart = isCopyApart(copies);
  const when = savedAt === null ? '' : format.moment(savedAt);
  const copied = () => {
    if (copiedAt !== null) return t(isApart ? 'save.copyAt' : 'save.copyAtSameDisk', { time: format.clock(copiedAt) });
    if (!isApart) return t('save.sameDisk');
    return savedAt === null ? t('save.copy') : t('save.savedCopied', { when });
  };
  const words = {
    device: t('save.device'),
    host: savedAt === null ? t('save.host') : t('save.savedHost', { when }),
    copy: copied(),
    refused: t('save.refused'),
  }[state];
  const tone = { device: 'muted', host: 'muted', copy: isApart ? 'proven' : 'muted', refused: 'red' }[state];
  return (
    <span
      className={`save-state ${tone}`}
      data-state={state}
      title={words}
      {...(hasWords ? {} : { tabIndex: 0, role: 'img', 'aria-label': words })}
    >
      {state === 'device' ? (
        <Clock />
      ) : state === 'refused' ? (
        <Octagon size={12} />
      ) : (
        <Tick isDouble={state === 'copy'} />
      )}
      {hasWords ? <span>{words}</span> : null}
    </span>
  );
}
