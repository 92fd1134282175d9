import type { HolderView } from '@serment/replica/vault';
import { useTranslation } from '../../i18n/use-translation.ts';
import { RevokingSheet } from '../members/revoking-sheet.tsx';

interface KitWithdrawalProps {
  readonly kit: HolderView;
  /** Whether its member has no other. */
  readonly isLast: boolean;
  readonly onClose: () => void;
}

/** A kit that is to open nothing any more, with none in its place. */
export function KitWithdrawal({ kit, isLast, onClose }: KitWithdrawalProps) {
  const { t } = useTranslation();
  return (
    <RevokingSheet
      author={kit.author}
      title={t('kits.withdrawTitle', { testValue: kit.label })}
      confirm={t('kits.withdraw')}
      working={t('kits.replacing')}
      onClose={onClose}
      onDone={onClose}
    >
      <ul className="consequences">
        <li>{t('kits.withdrawAccess')}</li>
        <li>{t('members.newKeys')}</li>
        <li>
          <b>{t('kits.withdrawKept')}</b>
        </li>
      </ul>
      <p className="row-text">{t(isLast ? 'kits.withdrawLast' : 'kits.withdrawInstead')}</p>
    </RevokingSheet>
  );
}
