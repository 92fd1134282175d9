import { bytesToHex } from '@serment/core/bytes';
import { type GrowthPoint, growthPoints } from '@serment/records/growth/child';
import { childMeasures } from '@serment/records/growth/child-measures';
import type { GrowthIndicator } from '@serment/records/growth/growth-table';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import type { MeasureKind } from '@serment/records/measures/measure-types';
import { newMeasure } from '@serment/records/measures/new-measure';
import { ReplicaError } from '@serment/replica/error';
import type { SaveRequest } from '@serment/replica/practice';
import type { TableView } from '@serment/replica/reference-tables';
import { type GrowthCurves, growthCurves } from '../file-view/growth-curves.ts';
import { type MeasureSeries, measureSeries } from '../file-view/measure-series.ts';
import { namesOf, type Read, readRecord } from '../file-view/reading.ts';
import type { Language } from '../i18n/language.ts';
import { Desk, type DeskPlace } from './desk.ts';
import type { TablesDesk } from './tables-desk.ts';

/** What was taken at one time, outside a consultation. */
export interface MeasuresInput {
  readonly patient: string;
  /** Date and time with its offset. */
  readonly date: string;
  readonly measures: readonly { readonly kind: MeasureKind; readonly value: number; readonly second?: number }[];
}

export interface SavedMeasures {
  readonly id: string;
  /** `Observation/…`, for whoever takes them back. */
  readonly records: readonly string[];
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
export class MeasuresDesk extends Desk {
  readonly #tables: TablesDesk;

  constructor(at: DeskPlace, tables: TablesDesk) {
    super(at);
    this.#tables = tables;
  }

  /** Throws RESOURCE_INVALID, SAVE_INVALID. */
  async save({ patient, date, measures }: MeasuresInput): Promise<SavedMeasures> {
    const performer = `Practitioner/${bytesToHex(this.practice.keyring.member)}`;
    const resources = measures.map((measure) =>
      newMeasure(crypto.randomUUID(), { ...measure, patient, date, performer }),
    );
    const records = resources.map((resource) => ({ resource, change: 'create' as const, replaces: [] }));
    const { id } = await this.practice.save({ patient, records });
    this.at.send({ type: 'patient', patient });
    return { id, records: resources.map((resource) => `Observation/${resource.id}`) };
  }

  /** Takes measures back as entered in error: they stay in the history. Throws RECORD_UNKNOWN. */
  async withdraw(patient: string, recordIds: readonly string[]): Promise<{ id: string }> {
    return this.#change(patient, recordIds, 'entered-in-error');
  }

  /** Puts measures that were taken back into the file again, as they were. Throws RECORD_UNKNOWN. */
  async bringBack(patient: string, recordIds: readonly string[]): Promise<{ id: string }> {
    return this.#change(patient, recordIds, 'restore');
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

  async #change(
    patient: string,
    recordIds: readonly string[],
    change: 'entered-in-error' | 'restore',
  ): Promise<{ id: string }> {
    const { records } = await this.practice.readPatient(patient);
    const changed: SaveRequest['records'][number][] = [];
    for (const recordId of recordIds) {
      const replaces = records.find(({ id }) => id === recordId)?.versions.map(({ version }) => version) ?? [];
      const history = await this.practice.history(patient, recordId);
      const content = history.find((version) => version.change !== 'entered-in-error')?.content;
      const resource = content == null ? null : parseJson(content);
      if (replaces.length === 0 || !isJsonObject(resource))
        throw new ReplicaError('RECORD_UNKNOWN', 'That measure is not there any more');
      const status = change === 'restore' ? {} : { status: 'entered-in-error' };
      changed.push({ resource: { ...resource, ...status }, change, replaces });
    }
    const saved = await this.practice.save({ patient, records: changed });
    this.at.send({ type: 'patient', patient });
    return saved;
  }
}
