import type { Page } from '@playwright/test';
import type { Invited } from '../steps.ts';

export const password = 'quatre tilleuls au printemps';

/** Whom the screens before made, and what they read, for those that follow. */
interface Cast {
  /** Of the member that is pictured, and the second one. */
  kit: string | null;
  secondKit: string | null;
  /** Another device of the member that is pictured. */
  second: Page | null;
  /** A browser that the pictured one is about to add. */
  newcomer: Page | null;
  /** Whose browser stops the one that is pictured. */
  colleague: Page | null;
  /** A doctor who keeps a file from the one that is pictured. */
  otherDoctor: Page | null;
  /** For a desk that the pictured browser becomes at the end. */
  desk: Invited | null;
}

const nobody: Cast = {
  ...{ kit: null, secondKit: null, second: null, newcomer: null },
  ...{ colleague: null, otherDoctor: null, desk: null },
};

export const cast: Cast = { ...nobody };

/** A story that begins again knows nobody of the last time. */
export function dismissCast(): void {
  Object.assign(cast, nobody);
}

/** What a screen before made. Throws where it did not. */
export function present<Value>(one: Value | null): Value {
  if (one === null) throw new Error('A screen before this one did not make what it needs');
  return one;
}

/** A window of somebody else's browser. */
export async function newWindow(page: Page): Promise<Page> {
  const context = await present(page.context().browser()).newContext({ locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  return context.newPage();
}
