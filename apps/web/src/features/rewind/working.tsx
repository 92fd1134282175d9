import { Button } from '@mantine/core';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Progress } from '../../ui/progress.tsx';

/** What is under way, and how far. */
export interface Step {
  readonly kind: 'look' | 'undo';
  readonly done: number;
  /** 0 while it is not known. */
  readonly total: number;
}

export function Working({ step: { kind, done, total }, onStop }: { readonly step: Step; readonly onStop: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counts = { done: format.number(done), total: format.number(total) };
  return (
    <div className="rewind-working">
      <Progress label={t(`rewind.step.${kind}`)} done={done} total={Math.max(1, total)} />
      <p className="small muted" role="status">
        {total === 0 ? t(`rewind.step.${kind}`) : t(`rewind.of.${kind}`, counts)}
      </p>
      <Button variant="default" onClick={onStop}>
        {t('rewind.stop')}
      </Button>
    </div>
  );
}
