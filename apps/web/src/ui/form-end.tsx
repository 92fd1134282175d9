import { Button } from '@mantine/core';
import { useTranslation } from '../i18n/use-translation.ts';
import { DraftState, type DraftStateProps } from './draft-state.tsx';
import { Failure } from './failure.tsx';

interface FormEndProps extends Partial<DraftStateProps> {
  /** Why it failed; null while nothing did, and for what is said beside a field. */
  readonly error: unknown;
  readonly isBusy: boolean;
  /** False while there is nothing to send yet. */
  readonly isReady?: boolean;
  /** What it does, in words. */
  readonly submit: string;
  readonly onCancel: () => void;
}

/** How a sheet's form ends: why it failed, the one thing that it does, the way out, and what is kept of a draft. */
export function FormEnd({ error, isBusy, isReady = true, submit, draft, onCancel }: FormEndProps) {
  const { t } = useTranslation();
  return (
    <>
      <Failure error={error} />
      <div className="code-actions form-end">
        <Button type="submit" loading={isBusy} disabled={!isReady}>
          {submit}
        </Button>
        <Button variant="quiet" disabled={isBusy} onClick={onCancel}>
          {t('app.cancel')}
        </Button>
        {draft === undefined ? null : <DraftState draft={draft} />}
      </div>
    </>
  );
}
