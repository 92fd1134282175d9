import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { KitAnswer } from '../../worker/kits-desk.ts';
import { KitInput } from './kit-input.tsx';

/** Reads a kit and says whether this practice knows it. Nothing is sent, and the kit is not used up. */
export function KitTest({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const errorText = useErrorText();
  const [text, setText] = useState('');
  const [answer, setAnswer] = useState<KitAnswer | null>(null);
  const [error, setError] = useState<unknown>(null);
  const check = () => {
    setAnswer(null);
    setError(null);
    engine.desks.kits.test(text).then(setAnswer, setError);
  };
  return (
    <Sheet title={t('vault.testTitle')} onClose={onClose}>
      <form
        className="kit-test"
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <p className="muted">{t('vault.testLead')}</p>
        <KitInput value={text} onChange={setText} />
        {answer === null ? null : (
          <Notice tone={answer.standing === 'valid' && !answer.hasServed ? 'plain' : 'amber'}>
            {t(`kits.test.${answer.standing === 'valid' && answer.hasServed ? 'served' : answer.standing}`, {
              testValue: answer.testValue,
            })}
          </Notice>
        )}
        {error === null ? null : <Notice tone="amber">{errorText(error)}</Notice>}
        <div>
          <Button type="submit" disabled={text.trim() === ''}>
            {t('vault.testSubmit')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
