import { Button, PasswordInput } from '@mantine/core';
import { judgePassword, minimumLength } from '@serment/replica/sign-in/password-strength';
import { type CSSProperties, type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { OpeningProgress } from '../unlock/opening-progress.tsx';
import { PhoneField } from './phone-field.tsx';

interface PasswordStepProps {
  /** The number is empty where none was asked for, or given. */
  readonly onChosen: (password: string, number: string) => void;
  /** Asks also for the telephone of the second factor, whose own step has another way for who has none. */
  readonly withPhone?: boolean;
  readonly onBack: (() => void) | null;
  readonly isBusy?: boolean;
  readonly submit?: string;
  /** What to do once it is forgotten. */
  readonly loss?: string;
}

/** A password typed twice. Its strength is said once it is long enough, and never stands in the way after that. */
export function PasswordStep({ onChosen, onBack, withPhone = false, isBusy = false, submit, loss }: PasswordStepProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [number, setNumber] = useState('');
  const [isTried, setTried] = useState(false);
  const strength = judgePassword(password);
  const isDifferent = password !== again;
  const send = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (strength === 'short' || isDifferent) return;
    onChosen(password, number.trim());
  };
  const advice =
    strength === 'short'
      ? password === ''
        ? ''
        : t('creation.password.short', { count: minimumLength - password.length })
      : t(`creation.password.${strength}`);
  const part: CSSProperties = { '--part': Math.min(1, password.length / minimumLength) };
  return (
    <form onSubmit={send}>
      <div className="fields">
        <PasswordInput
          label={t('creation.password.label')}
          description={t('creation.password.hint')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('creation.password.show') }}
          error={isTried && strength === 'short' ? advice || t('creation.you.required') : null}
        />
        <div className="strength" aria-live="polite">
          <i style={part} />
          {advice}
        </div>
        <PasswordInput
          label={t('creation.password.again')}
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('creation.password.show') }}
          error={isTried && isDifferent ? t('creation.password.different') : null}
        />
        {withPhone ? <PhoneField value={number} onChange={setNumber} /> : null}
      </div>
      <p className="aside-note">{loss ?? t('creation.password.loss')}</p>
      <div className="step-actions">
        <Button type="submit" loading={isBusy}>
          {submit ?? t('creation.password.next')}
        </Button>
        {onBack === null ? null : (
          <Button variant="quiet" onClick={onBack}>
            {t('app.back')}
          </Button>
        )}
        {isBusy ? <OpeningProgress words={t('enrol.opening')} /> : null}
      </div>
    </form>
  );
}
