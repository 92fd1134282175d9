import { MantineProvider } from '@mantine/core';
import { type ReactNode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { Spoken } from './i18n/spoken.tsx';
import { FaultBoundary } from './ui/fault.tsx';
import { theme } from './ui/theme.ts';

/** Draws a page of this application in its document. */
export function show(page: ReactNode): void {
  const place = document.getElementById('app');
  if (place === null) return;
  createRoot(place).render(
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <Spoken>
        <FaultBoundary>
          <Suspense>{page}</Suspense>
        </FaultBoundary>
      </Spoken>
    </MantineProvider>,
  );
}
