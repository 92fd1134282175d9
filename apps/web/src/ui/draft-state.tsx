import { useFormat } from '../i18n/format.ts';
import { useTranslation } from '../i18n/use-translation.ts';
import type { Draft } from '../session/use-draft.ts';
import { useErrorText } from './error-text.tsx';
import { Clock } from './marks.tsx';

export interface DraftStateProps {
  readonly draft: Pick<Draft<object>, 'savedAt' | 'isSealed' | 'error'>;
}

/** Since when what was typed is sealed on this device, and whether there is more to seal. */
export function DraftState({ draft }: DraftStateProps) {
  const { savedAt, isSealed, error } = draft;
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  if (error !== null)
    return (
      <span className="edit-state red" role="alert">
        {t('note.draftFailed', { reason: errorText(error) })}
      </span>
    );
  if (savedAt === null) return null;
  return (
    <span className="edit-state" data-testid="draft-state" aria-busy={!isSealed}>
      <Clock /> {t('note.draft', { time: format.clock(savedAt) })}
    </span>
  );
}
