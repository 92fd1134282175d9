import { bytesToHex } from '@serment/core/bytes';
import { inError } from '@serment/records/fhir/in-error';
import { type GrowthPoint, growthPoints } from '@serment/records/growth/child';
import { childMeasures } from '@serment/records/growth/child-measures';
import type { GrowthIndicator } from '@serment/records/growth/growth-table';
import type { MeasureKind } from '@serment/records/measures/measure-types';
import { newMeasure } from '@serment/records/measures/new-measure';
import type { TableView } from '@serment/replica/reference-tables';
import { type GrowthCurves, growthCurves } from '../file-view/growth-curves.ts';
import { type MeasureSeries, measureSeries } from '../file-view/measure-series.ts';
import { namesOf, type Read, readRecord, type ShownVersions } from '../file-view/reading.ts';
import type { Language } from '../i18n/language.ts';
import type { DeskPlace } from './desk.ts';
import type { TablesDesk } from './tables-desk.ts';
import { newWritten, type Saved, UndoDesk } from './undo.ts';

/** What was taken at one time, outside a consultation. */
export interface MeasuresInput {
  readonly patient: string;
  /** Date and time with its offset. */
  readonly date: string;
  readonly measures: readonly {
    /** Drawn when its form was begun: sent again, it is no second measure. */
    readonly id: string;
    readonly kind: MeasureKind;
    readonly value: number;
    readonly second?: number;
  }[];
}

/** How a child grows, and against what. */
export interface GrowthView {
  /** What the tables need and the patient's identity does not say; null when nothing is wanting. */
  readonly missing: 'birthDate' | 'sex' | null;
  readonly points: readonly GrowthPoint[];
  readonly curves: Partial<Readonly<Record<GrowthIndicator, GrowthCurves>>>;
  /** What the practice loaded; null when nothing was. */
  readonly table: TableView | null;
}

/** Measures, their courses and growth, as the pages ask for them. */
export class MeasuresDesk extends UndoDesk {
  readonly #tables: TablesDesk;

  constructor(at: DeskPlace, tables: TablesDesk) {
    super(at);
    this.#tables = tables;
  }

  /** Throws RESOURCE_INVALID, SAVE_INVALID. */
  async save({ patient, date, measures }: MeasuresInput): Promise<Saved> {
    const performer = `Practitioner/${bytesToHex(this.practice.keyring.member)}`;
    const written = measures.map(({ id, ...measure }) =>
      newWritten(newMeasure(id, { ...measure, patient, date, performer })),
    );
    return this.write(patient, written);
  }

  /** Takes a measure back as entered in error: it stays in the history. Throws RECORD_UNKNOWN. */
  async withdraw(patient: string, measure: ShownVersions): Promise<Saved> {
    const before = await this.shown(patient, measure);
    return this.write(patient, [{ ...measure, before, after: inError(before) }], 'entered-in-error');
  }

  /** Every measure and laboratory value of a file over time. */
  async series(patient: string, language: Language): Promise<readonly MeasureSeries[]> {
    const context = { language, nameOf: namesOf(this.practice.directoryRecords()) };
    return measureSeries(await this.#observations(patient), context);
  }

  /** The last point of each indicator, for the summary; empty when nothing can be placed. */
  async lastGrowth(patient: string): Promise<readonly GrowthPoint[]> {
    const { points } = await this.#growth(patient, false);
    const last = new Map<GrowthIndicator, GrowthPoint>();
    for (const point of points) if (point.z !== null) last.set(point.indicator, point);
    return [...last.values()];
  }

  /** Throws UNREACHABLE where the practice's tables were never read on this device. */
  async growth(patient: string): Promise<GrowthView> {
    return this.#growth(patient, true);
  }

  async #growth(patient: string, hasCurves: boolean): Promise<GrowthView> {
    const { birthDate, sex } = (await this.practice.readPatient(patient)).row;
    const [table = null] = (await this.#tables.list()).filter(({ kind }) => kind === 'who-growth');
    if (birthDate === null || birthDate.length < 10) return { missing: 'birthDate', points: [], curves: {}, table };
    if (sex !== 'male' && sex !== 'female') return { missing: 'sex', points: [], curves: {}, table };
    const tables = await this.#tables.growth();
    const measured = childMeasures((await this.#observations(patient)).map(({ resource }) => resource));
    const points = growthPoints({ birthDate, sex }, measured, tables);
    const curves: { [Indicator in GrowthIndicator]?: GrowthCurves } = {};
    if (hasCurves) for (const known of Object.values(tables)) curves[known.indicator] = growthCurves(known, sex);
    return { missing: null, points, curves, table };
  }

  async #observations(patient: string): Promise<Read[]> {
    const { records } = await this.practice.readPatient(patient);
    return records.filter(({ type }) => type === 'Observation').flatMap((record) => readRecord(record) ?? []);
  }
}
