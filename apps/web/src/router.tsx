import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readTimelineSearch } from './features/file/timeline-address.ts';
import { KitFirst } from './features/kit/kit-first.tsx';
import { PatientsPage } from './features/patients/patients-page.tsx';
import { NotFound } from './features/shell/not-found.tsx';
import { Home } from './features/today/home.tsx';
import { TodayPage } from './features/today/today-page.tsx';
import { withWords } from './i18n/i18n.ts';
import { Fault } from './ui/fault.tsx';

const root = createRootRoute({ component: KitFirst, notFoundComponent: NotFound });

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });

const today = createRoute({ getParentRoute: () => root, path: '/aujourdhui', component: TodayPage });

const patients = createRoute({ getParentRoute: () => root, path: '/patients', component: PatientsPage });

const newPatient = createRoute({
  getParentRoute: () => root,
  path: '/nouveau-patient',
  validateSearch: (search: Record<string, unknown>): { nom?: string; brouillon?: string } => ({
    ...(typeof search.nom === 'string' ? { nom: search.nom } : {}),
    ...(typeof search.brouillon === 'string' ? { brouillon: search.brouillon } : {}),
  }),
  component: lazyRouteComponent(() => withWords(import('./features/patients/new-patient-page.tsx')), 'NewPatientPage'),
});

/** The patient is in the address: a window says whose file it shows. With `vue`, `mots` and `fiche`, what of it. */
const file = createRoute({
  getParentRoute: () => root,
  path: '/patients/$id',
  validateSearch: readTimelineSearch,
  component: lazyRouteComponent(() => withWords(import('./features/file/file-route.tsx')), 'FileRoute'),
});

/** The file as it was; with `instant`, ms on the host's clock. */
const past = createRoute({
  getParentRoute: () => root,
  path: '/patients/$id/passe',
  validateSearch: (search: Record<string, unknown>): { instant?: number } =>
    typeof search.instant === 'number' ? { instant: search.instant } : {},
  component: lazyRouteComponent(() => withWords(import('./features/travel/travel-page.tsx')), 'TravelPage'),
});

/** The file in a copy, beside the live one; with `copie`, its name. */
const fromCopy = createRoute({
  getParentRoute: () => root,
  path: '/patients/$id/copie',
  validateSearch: (search: Record<string, unknown>): { copie?: string } =>
    typeof search.copie === 'string' ? { copie: search.copie } : {},
  component: lazyRouteComponent(() => withWords(import('./features/copy/copy-page.tsx')), 'CopyPage'),
});

/** Whose file is to be read in a copy. */
const toCopy = createRoute({
  getParentRoute: () => root,
  path: '/coffre/copie',
  component: lazyRouteComponent(() => withWords(import('./features/copy/choose-page.tsx')), 'ChoosePage'),
});

const measures = createRoute({
  getParentRoute: () => root,
  path: '/patients/$id/mesures',
  component: lazyRouteComponent(() => withWords(import('./features/measures/measures-route.tsx')), 'MeasuresRoute'),
});

const vaccines = createRoute({
  getParentRoute: () => root,
  path: '/patients/$id/vaccins',
  component: lazyRouteComponent(() => withWords(import('./features/care/vaccines-page.tsx')), 'VaccinesRoute'),
});

const growth = createRoute({
  getParentRoute: () => root,
  path: '/patients/$id/croissance',
  component: lazyRouteComponent(() => withWords(import('./features/measures/measures-route.tsx')), 'GrowthRoute'),
});

const identity = createRoute({
  getParentRoute: () => root,
  path: '/patients/$id/identite',
  component: lazyRouteComponent(() => withWords(import('./features/patients/identity-route.tsx')), 'IdentityRoute'),
});

/** With `un` and `deux`, `Patient/…` each, these two are compared. */
const duplicates = createRoute({
  getParentRoute: () => root,
  path: '/doublons',
  validateSearch: (search: Record<string, unknown>): { un?: string; deux?: string } => ({
    ...(typeof search.un === 'string' ? { un: search.un } : {}),
    ...(typeof search.deux === 'string' ? { deux: search.deux } : {}),
  }),
  component: lazyRouteComponent(() => withWords(import('./features/patients/duplicates-page.tsx')), 'DuplicatesPage'),
});

const deposits = createRoute({
  getParentRoute: () => root,
  path: '/depots',
  component: lazyRouteComponent(() => withWords(import('./features/deposits/deposits-page.tsx')), 'DepositsPage'),
});

/** With `q`, what was searched. */
const search = createRoute({
  getParentRoute: () => root,
  path: '/recherche',
  validateSearch: (found: Record<string, unknown>): { q?: string } =>
    typeof found.q === 'string' ? { q: found.q } : {},
  component: lazyRouteComponent(() => withWords(import('./features/search/search-page.tsx')), 'SearchPage'),
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/a-classer',
  component: lazyRouteComponent(() => withWords(import('./features/inbox/inbox-page.tsx')), 'InboxPage'),
});

/** A scanned batch of this device, to be cut and filed. */
const batch = createRoute({
  getParentRoute: () => root,
  path: '/lots/$id',
  component: lazyRouteComponent(() => withWords(import('./features/scanned/batch-page.tsx')), 'BatchPage'),
});

/** Separator sheets: with `patient`, a logical id, of that one; with `jour`, of today's. */
const sheets = createRoute({
  getParentRoute: () => root,
  path: '/feuilles',
  validateSearch: (search: Record<string, unknown>): { patient?: string; jour?: boolean } => ({
    ...(typeof search.patient === 'string' ? { patient: search.patient } : {}),
    ...(search.jour === true ? { jour: true } : {}),
  }),
  component: lazyRouteComponent(() => withWords(import('./features/scanned/sheets-page.tsx')), 'SheetsPage'),
});

const vault = createRoute({
  getParentRoute: () => root,
  path: '/coffre',
  component: lazyRouteComponent(() => withWords(import('./features/vault/vault-page.tsx')), 'VaultPage'),
});

const tables = createRoute({
  getParentRoute: () => root,
  path: '/coffre/tables',
  component: lazyRouteComponent(() => withWords(import('./features/tables/tables-page.tsx')), 'TablesPage'),
});

const host = createRoute({
  getParentRoute: () => root,
  path: '/coffre/hebergeur',
  validateSearch: (search: Record<string, unknown>): { patient?: string } =>
    typeof search.patient === 'string' ? { patient: search.patient } : {},
  component: lazyRouteComponent(() => withWords(import('./features/vault/host-page.tsx')), 'HostPage'),
});

/** With `appareil`, in hexadecimal, and `depuis`, ms on the host's clock, what that device wrote since then. */
const rewind = createRoute({
  getParentRoute: () => root,
  path: '/coffre/passe',
  validateSearch: (search: Record<string, unknown>): { appareil?: string; depuis?: number } => ({
    ...(typeof search.appareil === 'string' ? { appareil: search.appareil } : {}),
    ...(typeof search.depuis === 'number' ? { depuis: search.depuis } : {}),
  }),
  component: lazyRouteComponent(() => withWords(import('./features/rewind/rewind-page.tsx')), 'RewindPage'),
});

const rescue = createRoute({
  getParentRoute: () => root,
  path: '/coffre/secours',
  component: lazyRouteComponent(() => withWords(import('./features/rescue/rescue-page.tsx')), 'RescuePage'),
});

const ways = createRoute({
  getParentRoute: () => root,
  path: '/coffre/acces',
  component: lazyRouteComponent(() => withWords(import('./features/ways/ways-page.tsx')), 'WaysPage'),
});

const addDevice = createRoute({
  getParentRoute: () => root,
  path: '/coffre/acces/appareil',
  component: lazyRouteComponent(() => withWords(import('./features/ways/add-device-page.tsx')), 'AddDevicePage'),
});

const held = createRoute({
  getParentRoute: () => root,
  path: '/coffre/acces/retenue',
  component: lazyRouteComponent(() => withWords(import('./features/held/held-page.tsx')), 'HeldPage'),
});

/** With `remplace`, in hexadecimal, the new kit takes that one's place. */
const kit = createRoute({
  getParentRoute: () => root,
  path: '/coffre/kit',
  validateSearch: (search: Record<string, unknown>): { remplace?: string } =>
    typeof search.remplace === 'string' ? { remplace: search.remplace } : {},
  component: lazyRouteComponent(() => withWords(import('./features/kit/kit-page.tsx')), 'KitPage'),
});

const members = createRoute({
  getParentRoute: () => root,
  path: '/coffre/membres',
  component: lazyRouteComponent(() => withWords(import('./features/members/members-page.tsx')), 'MembersPage'),
});

/** The departure of the member that the address names, in hexadecimal; what was being written is taken over there. */
const departure = createRoute({
  getParentRoute: () => root,
  path: '/coffre/membres/depart',
  validateSearch: (search: Record<string, unknown>): { membre?: string } =>
    typeof search.membre === 'string' ? { membre: search.membre } : {},
  component: lazyRouteComponent(() => withWords(import('./features/members/departure-page.tsx')), 'DeparturePage'),
});

/** With `membre`, in hexadecimal, it is that member who is invited again. */
const invite = createRoute({
  getParentRoute: () => root,
  path: '/coffre/membres/inviter',
  validateSearch: (search: Record<string, unknown>): { membre?: string } =>
    typeof search.membre === 'string' ? { membre: search.membre } : {},
  component: lazyRouteComponent(() => withWords(import('./features/members/invite-page.tsx')), 'InvitePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    ...[home, today, patients, newPatient, file, identity, duplicates, past, deposits, inbox, search],
    ...[batch, sheets],
    ...[vault, host, rewind, rescue, ways, addDevice, held, kit],
    ...[members, departure, invite, fromCopy, toCopy],
    ...[measures, growth, vaccines, tables],
  ]),
  defaultPreload: false,
  defaultErrorComponent: Fault,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
