import type { WaysIn } from '@serment/replica/sign-in/account';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { IdentityWays } from '../unlock/identity-ways.tsx';
import { Row } from './row.tsx';

interface CardRowProps {
  readonly ways: WaysIn;
  readonly device: string;
  readonly onChanged: () => void;
}

/** The professional card, or its application on a telephone: nothing of it is shown where the host checks neither. */
export function CardRow({ ways, device, onChanged }: CardRowProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value: methods } = useAsked('identity', () => engine.identityMethods());
  if (methods === null || methods.length === 0) return null;
  return (
    <Row title={t('ways.card')} detail={t(ways.isCardHere ? 'ways.cardHere' : 'ways.cardDetail')}>
      <IdentityWays
        device={device}
        onProven={async (answer) => {
          await engine.linkIdentity(answer);
          onChanged();
        }}
      />
    </Row>
  );
}
