import { bytesToHex } from '@serment/core/bytes';
import {
  type ConsultationTemplate,
  newConsultationTemplate,
  readConsultationTemplate,
} from '@serment/records/fhir/consultation-template';
import { historyView } from '../file-view/history.ts';
import type { Language } from '../i18n/language.ts';
import { toldIn } from './told.ts';
import { newWritten, parsedResource, type Saved, UndoDesk } from './undo.ts';

/** What a template holds, and what is kept of one. */
export type TemplateContent = Pick<
  ConsultationTemplate,
  'title' | 'status' | 'section' | 'measure' | 'diagnosis' | 'act'
>;

export interface TemplateView extends TemplateContent {
  readonly recordId: string;
  /** Names of the current versions. */
  readonly versions: readonly string[];
}

export interface TemplateInput extends TemplateContent {
  /** Null for a new one. */
  readonly recordId: string | null;
  readonly replaces: readonly string[];
}

/** Templates of consultations, which those who write notes share. */
export class TemplateDesk extends UndoDesk {
  /** Those in use, by name. Throws COMPARTMENT_CLOSED, UNREACHABLE for what was never read here. */
  async list(): Promise<readonly TemplateView[]> {
    const records = await this.practice.shared.views();
    const templates = records.flatMap(({ id, resource, versions }): TemplateView[] => {
      const template = readConsultationTemplate(resource);
      if (template === null || template.status === 'retired') return [];
      const { title, status, section, measure, diagnosis, act } = template;
      const names = versions.map(({ version }) => version);
      return [{ recordId: id, versions: names, title, status, section, measure, diagnosis, act }];
    });
    return templates.sort((one, other) => one.title.localeCompare(other.title));
  }

  /** Throws RESOURCE_INVALID, RECORD_UNKNOWN, SAVE_INVALID, COMPARTMENT_CLOSED. */
  async save({ recordId, replaces: versions, ...content }: TemplateInput): Promise<Saved> {
    const logicalId = recordId?.slice('ConsultationTemplate/'.length) ?? crypto.randomUUID();
    const author = `Practitioner/${bytesToHex(this.practice.keyring.member)}`;
    const resource = newConsultationTemplate(logicalId, { ...content, author });
    if (recordId === null) return this.write(null, [newWritten(resource)]);
    const before = await this.shown(null, { recordId, versions });
    const after = parsedResource(JSON.stringify(resource));
    return this.write(null, [{ recordId, versions, before, after }]);
  }

  async history(recordId: string, language: Language) {
    return historyView(await this.practice.shared.history(recordId), toldIn(this.practice, language));
  }
}
