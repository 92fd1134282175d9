import type { Page } from '@playwright/test';
import { careScreens } from './screens/care.ts';
import { dismissCast } from './screens/cast.ts';
import { consultationScreens } from './screens/consultation.ts';
import { copyScreens } from './screens/copies.ts';
import { demonstrationScreens } from './screens/demonstration.ts';
import { englishScreens } from './screens/english.ts';
import { enteringScreens } from './screens/entering.ts';
import { frontDeskScreens } from './screens/front-desk.ts';
import { holdScreens } from './screens/hold.ts';
import { hostScreens } from './screens/host.ts';
import { identityScreens } from './screens/identity.ts';
import { inboxScreens } from './screens/inbox.ts';
import { measuresScreens } from './screens/measures.ts';
import { offlineScreens } from './screens/offline.ts';
import { practiceScreens } from './screens/practice.ts';
import { rescueScreens } from './screens/rescue.ts';
import { beginScanned, scannedScreens } from './screens/scanned.ts';
import type { Screen } from './screens/screen.ts';
import { searchScreens } from './screens/search.ts';
import { stateScreens } from './screens/states.ts';
import { timelineScreens } from './screens/timeline.ts';
import { todayScreens } from './screens/today.ts';
import { travelScreens } from './screens/travel.ts';
import { openDemo } from './steps.ts';

/** Screens that are gone through in one browser, at an installation of their own. */
export interface Story {
  readonly name: string;
  readonly screens: readonly Screen[];
  begin(page: Page): Promise<void>;
}

const subjects = {
  today: todayScreens,
  search: searchScreens,
  timeline: timelineScreens,
  travel: travelScreens,
  measures: measuresScreens,
  consultation: consultationScreens,
  care: careScreens,
  identity: identityScreens,
  inbox: inboxScreens,
  copies: copyScreens,
  rescue: rescueScreens,
  states: stateScreens,
};

const practice: Story = {
  name: 'a practice',
  screens: [...enteringScreens, ...practiceScreens, ...demonstrationScreens, ...frontDeskScreens],
  begin: async () => dismissCast(),
};

/** Those that begin in the demonstration, one subject each. */
export const demoStories: readonly Story[] = Object.entries(subjects).map(([name, screens]) => {
  return { name, screens, begin: openDemo };
});

export const ownStories: readonly Story[] = [
  practice,
  // Nothing of a practice comes before: the host sees pseudonyms.
  { name: 'host', screens: hostScreens, begin: async () => undefined },
  { name: 'offline', screens: offlineScreens, begin: async () => undefined },
  // The language stays, in the browser that was asked for it.
  { name: 'english', screens: englishScreens, begin: openDemo },
  // A device that is held, and then is not for hours, is no device for the other stories.
  { name: 'hold', screens: holdScreens, begin: openDemo },
  { name: 'scanned', screens: scannedScreens, begin: beginScanned },
];

export const stories: readonly Story[] = [...ownStories, ...demoStories];

const names = stories.flatMap(({ screens }) => screens.map(({ name }) => name));
const twice = names.filter((name, place) => names.indexOf(name) !== place);
// A picture bears the name of its screen: the second would take the place of the first.
if (twice.length > 0) throw new Error(`Two screens have one name: ${twice.join(', ')}`);
