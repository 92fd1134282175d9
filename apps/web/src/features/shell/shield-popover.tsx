import { Popover } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface ShieldPopoverProps {
  readonly button: ReactElement;
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

export function ShieldPopover({ button, isOpen, onChange, children }: ShieldPopoverProps) {
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
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
