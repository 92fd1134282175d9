import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from '../i18n/use-translation.ts';

/** A page that broke says what is safe, and never shows why in the words of a program. */
export function Fault() {
  const { t } = useTranslation();
  return (
    <div className="plain-page" role="alert">
      <p className="plain-brand">Serment</p>
      <h1>{t('fault.title')}</h1>
      <p>{t('fault.detail')}</p>
      <p>
        <Button onClick={() => location.reload()}>{t('fault.reload')}</Button>
      </p>
    </div>
  );
}

/** Stands around the application: an error while drawing must not leave a blank page. */
export class FaultBoundary extends Component<{ readonly children: ReactNode }, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? (
      <main>
        <Fault />
      </main>
    ) : (
      this.props.children
    );
  }
}
