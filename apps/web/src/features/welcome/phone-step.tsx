import { useTranslation } from 'react-i18next';
import { PhoneConfirm } from './phone-confirm.tsx';
import { StepFrame } from './step-frame.tsx';

interface PhoneStepProps {
  readonly step: number | null;
  /** As it was typed before; empty to ask for it. */
  readonly number: string;
  readonly onConfirmed: () => Promise<void> | void;
}

/** The second factor of a new account. */
export function PhoneStep({ step, ...confirm }: PhoneStepProps) {
  const { t } = useTranslation();
  return (
    <StepFrame step={step} title={t('phone.title')} lead={t('phone.lead')}>
      <PhoneConfirm {...confirm} />
    </StepFrame>
  );
}
