import { z } from 'zod/mini';
import { isJsonObject, type JsonObject } from '../json-text.ts';
import type { DocumentKey } from '../version.ts';
import { type DocumentReference, documentReferenceSchema } from './clinical.ts';
import { codeSystems } from './coding-system.ts';
import { documentScheme } from './document.ts';
import { base, codeableConcept, dateTime, instant, notes, oneOrMore, reference, references, text } from './element.ts';
import { checkResource } from './own-resource.ts';

/** A message, as a desk deposits it and a file keeps it. */
export const communicationSchema = z.strictObject({
  resourceType: z.literal('Communication'),
  ...base,
  status: z.enum(['preparation', 'in-progress', 'not-done', 'on-hold', 'stopped', 'completed', 'entered-in-error']),
  subject: z.optional(reference),
  sent: z.optional(dateTime),
  received: z.optional(dateTime),
  recipient: z.optional(references),
  sender: z.optional(reference),
  payload: z.optional(oneOrMore(z.strictObject({ contentString: text }))),
});

/** How far a deposit is, as whoever reads `admin` sees it (docs/format/record.md, Deposits). */
export const taskSchema = z.strictObject({
  resourceType: z.literal('Task'),
  id: base.id,
  status: z.enum(['requested', 'completed', 'rejected']),
  intent: z.literal('order'),
  code: codeableConcept,
  for: z.optional(reference),
  authoredOn: z.optional(dateTime),
  requester: z.optional(reference),
  owner: z.optional(reference),
  businessStatus: z.optional(codeableConcept),
  note: z.optional(notes.check(z.maxLength(1))),
});

/** What a deposit became, kept where it can be said once. */
export const provenanceSchema = z.strictObject({
  resourceType: z.literal('Provenance'),
  id: base.id,
  target: references,
  recorded: instant,
  agent: oneOrMore(z.strictObject({ who: reference })),
});

type Communication = z.infer<typeof communicationSchema>;
export type DepositTask = z.infer<typeof taskSchema>;
export type Provenance = z.infer<typeof provenanceSchema>;

const taskFields = new Set(Object.keys(taskSchema.shape));

export interface Deposit {
  /** `Patient/…`; null when who deposits does not know whose it is. */
  readonly patient: string | null;
  /** `Practitioner/…` */
  readonly author: string;
  /** Date and time with its offset. */
  readonly at: string;
  /** Empty for none. */
  readonly text: string;
  readonly document: { readonly name: string; readonly key: DocumentKey; readonly blobId: string } | null;
}

/** What a deposit says, as the records of a file. Throws RESOURCE_INVALID. */
export function newDeposit(id: string, deposit: Deposit): (Communication | DocumentReference)[] {
  const { patient, author, at, document } = deposit;
  const subject = patient === null ? {} : { subject: { reference: patient } };
  const message = checkedMessage(id, deposit);
  if (document === null) return message;
  const { key, name, blobId } = document;
  const attachment = {
    contentType: key.mediaType,
    url: `${documentScheme}${blobId}`,
    size: key.size,
    title: name,
  };
  const filed = checkResource(documentReferenceSchema, {
    ...{ resourceType: 'DocumentReference', id, status: 'current', ...subject, date: at },
    ...{ author: [{ reference: author }], description: name, content: [{ attachment }] },
  });
  return [...message, filed];
}

function checkedMessage(id: string, { patient, author, at, text: words }: Deposit): Communication[] {
  if (words.trim() === '') return [];
  const message = {
    ...{ resourceType: 'Communication', id, status: 'completed' },
    ...(patient === null ? {} : { subject: { reference: patient } }),
    ...{ sent: at, sender: { reference: author }, payload: [{ contentString: words }] },
  };
  return [checkResource(communicationSchema, message)];
}

export interface ReadDeposit {
  readonly text: string;
  readonly document: { readonly name: string; readonly mediaType: string; readonly blobId: string | null } | null;
}

/** What a deposit says; whatever its author wrote, this reads as far as it goes. */
export function readDeposit(resources: readonly unknown[]): ReadDeposit {
  const texts: string[] = [];
  let document: ReadDeposit['document'] = null;
  for (const resource of resources) {
    const message = communicationSchema.safeParse(resource);
    if (message.success) texts.push(...(message.data.payload ?? []).map(({ contentString }) => contentString));
    const attached = documentReferenceSchema.safeParse(resource);
    const attachment = attached.success ? attached.data.content[0]?.attachment : undefined;
    if (attachment === undefined) continue;
    const { url = '', title = '', contentType = '' } = attachment;
    const blobId = url.startsWith(documentScheme) ? url.slice(documentScheme.length) : null;
    document = { name: title, mediaType: contentType, blobId };
  }
  return { text: texts.join('\n\n'), document };
}

/**
 * The same message or document as a record of `patient` under an id of its own; null for what is neither. It is made anew,
 * of what a deposit is for: nothing else that its depositor wrote, such as a status, comes into a file. Throws RESOURCE_INVALID.
 */
export function filedResource(
  resource: unknown,
  { id, patient, author }: { readonly id: string; readonly patient: string; readonly author: string },
): Communication | DocumentReference | null {
  const subject = { reference: patient };
  const message = communicationSchema.safeParse(resource);
  if (message.success) {
    const { sent, payload } = message.data;
    return checkResource(communicationSchema, {
      ...{ resourceType: 'Communication', id, status: 'completed', subject, sender: { reference: author } },
      ...(sent === undefined ? {} : { sent }),
      ...(payload === undefined ? {} : { payload }),
    });
  }
  const document = documentReferenceSchema.safeParse(resource);
  if (!document.success) return null;
  const { date, description, content } = document.data;
  const { contentType, url, size, title } = content[0]?.attachment ?? {};
  if (url?.startsWith(documentScheme) !== true) return null;
  const attachment = { contentType, url, size, title };
  return checkResource(documentReferenceSchema, {
    ...{ resourceType: 'DocumentReference', id, status: 'current', subject, author: [{ reference: author }] },
    ...(date === undefined ? {} : { date }),
    ...(description === undefined ? {} : { description }),
    content: [
      { attachment: Object.fromEntries(Object.entries(attachment).filter(([, value]) => value !== undefined)) },
    ],
  });
}

/** That a deposit came. Throws RESOURCE_INVALID. */
export function newDepositTask(id: string, { patient, author, at }: Omit<Deposit, 'text' | 'document'>): DepositTask {
  return checkResource(taskSchema, {
    ...{ resourceType: 'Task', id, status: 'requested', intent: 'order', code: coded('deposit') },
    ...(patient === null ? {} : { for: { reference: patient } }),
    ...{ authoredOn: at, requester: { reference: author } },
  });
}

/** That it was filed, and what the desk is asked to say to the patient; null for nothing. Throws RESOURCE_INVALID. */
export function filedTask(
  task: DepositTask,
  filed: { readonly patient: string; readonly by: string; readonly say: string | null },
): DepositTask {
  const { patient, by, say } = filed;
  return checkResource(taskSchema, {
    ...{ ...task, status: 'completed', for: { reference: patient }, owner: { reference: by } },
    ...(say === null ? {} : { businessStatus: coded('to-say'), note: [{ text: say }] }),
  });
}

/** That it does not open for who would file it. Throws RESOURCE_INVALID. */
export function rejectedTask(task: DepositTask, by: string): DepositTask {
  return checkResource(taskSchema, { ...task, status: 'rejected', owner: { reference: by } });
}

/** That the desk said it. */
export function saidTask(task: DepositTask): DepositTask {
  return checkResource(taskSchema, { ...task, businessStatus: coded('said') });
}

/** Null for what is no deposit's. */
export function readDepositTask(resource: unknown): DepositTask | null {
  const read = taskSchema.safeParse(resource);
  return read.success && codeOf(read.data.code) === 'deposit' ? read.data : null;
}

/** Whether what the desk is to say was said; null where there is nothing to say. */
export function isSaid({ businessStatus, note }: DepositTask): boolean | null {
  if (note === undefined || businessStatus === undefined) return null;
  return codeOf(businessStatus) === 'said';
}

/** True for a Task that says no more of a deposit than whoever reads `admin` may read. */
export function isDepositTask(resource: JsonObject): boolean {
  if (resource.resourceType !== 'Task' || !Object.keys(resource).every((key) => taskFields.has(key))) return false;
  const { code } = resource;
  const codings = isJsonObject(code) ? code.coding : undefined;
  return Array.isArray(codings) && codings.some((coding) => isJsonObject(coding) && coding.system === codeSystems.task);
}

function coded(code: string) {
  return { coding: [{ system: codeSystems.task, code }] };
}

function codeOf({ coding }: z.infer<typeof codeableConcept>): string | null {
  return coding?.find(({ system }) => system === codeSystems.task)?.code ?? null;
}

/** What a filed deposit became. Throws RESOURCE_INVALID. */
export function newFiling(
  id: string,
  filing: { readonly targets: readonly string[]; readonly by: string; readonly at: string },
): Provenance {
  return checkResource(provenanceSchema, {
    ...{ resourceType: 'Provenance', id, target: filing.targets.map((target) => ({ reference: target })) },
    ...{ recorded: filing.at, agent: [{ who: { reference: filing.by } }] },
  });
}
