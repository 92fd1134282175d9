import { Menu, useMantineColorScheme } from '@mantine/core';
import type { Ref } from 'react';
import { speak } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { MenuActs } from './menu-button.tsx';

interface AppMenuProps extends MenuActs {
  readonly button: Ref<HTMLButtonElement>;
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
}

const schemes = ['auto', 'light', 'dark'] as const;

/** What one seldom wants, from every page. */
export function AppMenu({ onLock, onSwitch, onShortcuts, onProblem, button, isOpen, onChange }: AppMenuProps) {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu
      position="bottom-end"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      opened={isOpen}
      onChange={onChange}
    >
      <Menu.Target>
        <button ref={button} type="button" className="icon-button" aria-label={t('shell.menu')}>
          ···
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onProblem}>{t('problem.title')}</Menu.Item>
        <Menu.Item onClick={onShortcuts}>{t('shell.shortcuts')}</Menu.Item>
        <Menu.Item
          lang={i18n.language === 'en' ? 'fr' : 'en'}
          onClick={() => void speak(i18n.language === 'en' ? 'fr' : 'en').catch(() => undefined)}
        >
          {t('app.language')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('shell.appearance')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme}>
          {schemes.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick onClick={() => setColorScheme(scheme)}>
              {t(`shell.${scheme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item onClick={onLock}>{t('shell.lock')}</Menu.Item>
        <Menu.Item onClick={onSwitch}>{t('shell.switch')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
