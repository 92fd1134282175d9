import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { ChosenItems } from './timeline-address.ts';

interface PrintedChoiceProps {
  readonly chosen: ChosenItems;
  readonly shown: number;
  readonly total: number;
  /** False where something of the file is not here, or did not verify. */
  readonly isWhole: boolean;
}

/** On paper only: when it was printed, how much of the file it is, and what is not on it. */
export function PrintedChoice({ chosen: { kind, words }, shown, total, isWhole }: PrintedChoiceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = Date.now();
  const choice = [
    kind === null ? '' : t(`timeline.kinds.${kind}`),
    words === '' ? '' : t('timeline.printedWords', { words }),
  ].filter((part) => part !== '');
  return (
    <p className="printed-only printed-choice" data-part={choice.length > 0}>
      {[
        t('timeline.printed', { date: format.day(now), time: format.time(now) }),
        choice.length === 0
          ? t('timeline.printedAll', { total: t('timeline.total', { count: total }) })
          : t('timeline.printedPart', {
              shown: t('timeline.shown', { shown, count: total }),
              choice: choice.join(', '),
            }),
        isWhole ? '' : t('timeline.printedPartial'),
        t('timeline.leftOut'),
      ]
        .filter((part) => part !== '')
        .join(' ')}
    </p>
  );
}
