import type { IdentityStatus } from '@serment/records/fhir/patient';
import type { NoteSection } from '@serment/records/page/resource-words';
import type { WarnedLine } from '@serment/records/page/rights-words';
import type { PatientRow } from '@serment/replica/directory';
import type { MergedRecord, SaveState } from '@serment/replica/patient-file';
import type { CareView } from './care.ts';

/** What a file's page shows: plain data made in the worker, so that a page never waits for a large file to be read. */
export interface FileView {
  readonly row: PatientRow;
  /** Records that were merged into this one, whose files are told with it. */
  readonly merged: readonly MergedRecord[];
  /** The record that goes on in this one's place; null when this one does. */
  readonly mergedInto: PatientRow | null;
  /** Of each record that stands in a merged file, the one whose file that is. */
  readonly origins: Readonly<Record<string, PatientRow>>;
  readonly banner: Banner;
  /** Newest first; what has no date at the end. */
  readonly timeline: readonly TimelineItem[];
  readonly summary: Summary;
  readonly care: CareView;
  readonly contact: readonly ContactLine[];
  /** Things of this file that did not verify or open. */
  readonly findingCount: number;
  /** Records that are at the host and not here, while the network is cut. */
  readonly absentCount: number;
  /** Whether all that it shows is in a copy: its ticks change no more. */
  readonly isCopied: boolean;
  readonly canReadClinical: boolean;
  readonly isComplete: boolean;
  /** Records that stand in two versions, notes excepted: those are shown where they are. */
  readonly conflicts: readonly Conflict[];
}

export interface Banner {
  readonly birthDate: string | null;
  readonly sex: PatientRow['sex'];
  readonly deceased: boolean;
  /** '' where the day is not known, or has not come. */
  readonly deceasedOn: string;
  readonly status: IdentityStatus;
  /** Attending doctor; null when none is recorded. */
  readonly doctor: { readonly name: string; readonly isSelf: boolean } | null;
  /** Others of the very same name, whom only their births tell apart. */
  readonly homonyms: readonly PatientRow[];
  readonly allergies: Allergies;
  /** Rights and alerts that run, such as a full cover; null for who may not see them. */
  readonly flags: readonly WarnedLine[] | null;
  /** A minor asked that those who hold parental authority are not told. What for is not said: they may see the screen. */
  readonly isSecret: boolean;
}

/** Never a false blank: what may not be seen, what is not loaded and what was never asked are three things. */
export type Allergies =
  | { readonly kind: 'hidden' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'none-known' }
  | { readonly kind: 'some'; readonly list: readonly (Line & { readonly isSevere: boolean })[] };

export interface Line {
  readonly label: string;
  readonly detail: string;
}

/** One way to reach a patient. */
export interface ContactLine {
  readonly kind: 'mobile' | 'phone' | 'email' | 'address' | 'other';
  readonly text: string;
  /** What a press of it calls or writes to. */
  readonly href: string | null;
}

export interface Summary {
  readonly problems: readonly (Line & { readonly isOver: boolean })[];
  readonly treatments: readonly Line[];
  readonly trends: readonly Trend[];
}

/** A measure over time, oldest first. */
export interface Trend {
  readonly label: string;
  readonly points: readonly { readonly day: string; readonly value: number }[];
  readonly last: string;
}

export interface Segment {
  readonly text: string;
  readonly isStrong: boolean;
}

interface Dated {
  readonly key: string;
  /** FHIR date or date and time, '' when there is none. */
  readonly when: string;
  readonly day: string;
}

export type TimelineItem =
  | (Dated & { readonly kind: 'note'; readonly note: NoteView; readonly addenda: readonly NoteView[] })
  | (Dated & { readonly kind: 'visit'; readonly visit: VisitView })
  | (Dated & { readonly kind: 'line'; readonly line: LineView })
  | (Dated & {
      readonly kind: 'group';
      readonly summary: string;
      readonly lines: readonly (Dated & { readonly line: LineView })[];
    });

export interface NoteView {
  readonly recordId: string;
  readonly title: string;
  readonly author: string | null;
  readonly date: string;
  readonly status: string;
  readonly sections: readonly NoteSection[];
  /** `Encounter/…`; '' for none. */
  readonly encounter: string;
  readonly measures: readonly Line[];
  /** What was found, each with its code where it has one. */
  readonly diagnoses: readonly Line[];
  readonly acts: readonly string[];
  readonly treatments: readonly Line[];
  /** Completes another note. */
  readonly isAddendum: boolean;
  /** When somebody answered for it, FHIR date and time; '' where nobody did here. */
  readonly signedAt: string;
  /** Written here and not final: it can be changed. A final note is completed by an addendum. */
  readonly isEditable: boolean;
  /** Names of the current versions. */
  readonly versions: readonly string[];
  /** The versions that stand side by side until a person chooses; empty when there is one. */
  readonly sides: readonly NoteSide[];
  readonly state: SaveState;
  readonly savedAt: number;
  readonly isChanged: boolean;
}

export interface NoteSide {
  readonly version: string;
  readonly author: string | null;
  readonly at: number;
  readonly title: string;
  readonly sections: readonly NoteSection[];
  readonly isSigned: boolean;
}

export interface VisitView {
  readonly recordId: string;
  readonly title: string;
  readonly author: string | null;
  readonly measures: readonly Line[];
  readonly treatments: readonly Line[];
  readonly lines: readonly string[];
}

export interface LineView {
  readonly segments: readonly Segment[];
  readonly detail: string;
  /** The record to show in full; the first one when a line tells several. */
  readonly recordId: string;
  /** Where a document is, which takes its time to leave; absent for anything else. */
  readonly save?: { readonly state: SaveState; readonly savedAt: number };
  /** Results that the line opens to. */
  readonly report?: ReportView;
}

/** The results of one report, as a table. */
export interface ReportView {
  /** `DiagnosticReport/…` */
  readonly reportId: string;
  /** `Patient/…`; '' while nobody said whose it is. */
  readonly patient: string;
  readonly sender: string;
  readonly day: string;
  readonly rows: readonly ResultRow[];
  /** Whether the text that it came in is kept beside it. */
  readonly hasDocument: boolean;
}

export interface ResultRow {
  readonly key: string;
  readonly label: string;
  /** With its unit and its sign. */
  readonly value: string;
  /** '' where the laboratory gave none. */
  readonly range: string;
  /** Below, far below, above, far above, odd, normal; null where nobody can tell. */
  readonly flag: 'L' | 'LL' | 'H' | 'HH' | 'A' | 'N' | null;
  readonly note: string;
  /** The result before, '' for a day that is not known. */
  readonly previous: { readonly value: string; readonly day: string } | null;
  /** In one unit, oldest first, this one last. */
  readonly points: readonly { readonly day: string; readonly value: number }[];
}

export interface ReadMark {
  readonly kind: 'read' | 'told';
  readonly by: string | null;
  readonly day: string;
  /** False for a reading by who is no doctor. */
  readonly counts: boolean;
}

export interface Conflict {
  readonly recordId: string;
  readonly title: string;
  readonly sides: readonly {
    readonly version: string;
    readonly author: string | null;
    readonly at: number;
    readonly text: string;
  }[];
}
