import { Button, Popover } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { Shield } from '../../shield/shield.ts';

interface ShieldPopoverProps {
  readonly button: ReactElement;
  readonly shield: Shield;
  /** What it says, in few words. */
  readonly words: string;
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
  readonly onAct: () => void;
}

/** Why the shield says what it says, and the one thing to do. */
export function ShieldPopover({ button, shield, words, isOpen, onChange, onAct }: ShieldPopoverProps) {
  const { t } = useTranslation();
  return (
    <Popover
      opened={isOpen}
      onChange={onChange}
      position="bottom-end"
      offset={10}
      trapFocus
      returnFocus
      withRoles={false}
    >
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown className="popover" role="dialog" aria-label={t('shell.vault')}>
        <div className="shield-words">
          <b className={shield.tone}>{words}</b>
          <p>{t(`shieldWhy.why.${shield.condition}`)}</p>
          {shield.action === null ? null : (
            <Button variant="default" onClick={onAct}>
              {t(`shieldWhy.action.${shield.action}`)}
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
