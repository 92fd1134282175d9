import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Failure } from '../../ui/failure.tsx';
import { useTitle } from '../../ui/use-title.ts';
import type { View } from './use-view.ts';

interface PageFrameProps<Value extends { readonly time: number }> {
  readonly title: string;
  /** Where the page has a heading of its own. */
  readonly hasHeading?: boolean;
  readonly view: View<Value>;
  readonly children: (value: Value) => ReactNode;
}

/** A page of the console: what is read, or why it is not; what was read before stays, with its hour. */
export function PageFrame<Value extends { readonly time: number }>({
  title,
  hasHeading = false,
  view: { value, isBusy, error },
  children,
}: PageFrameProps<Value>) {
  const { t } = useTranslation();
  const format = useFormat();
  useTitle(title);
  return (
    <div className="console-body" aria-busy={isBusy}>
      {hasHeading && value !== null ? null : <h1>{title}</h1>}
      <Failure error={error}>{value === null ? null : t('console.stale', { time: format.clock(value.time) })}</Failure>
      {value === null ? (
        error === null ? (
          <p className="muted" role="status">
            {t('console.loading')}
          </p>
        ) : null
      ) : (
        <>
          {children(value)}
          <p className="faint small">{t('console.readAt', { time: format.clock(value.time) })}</p>
        </>
      )}
    </div>
  );
}
