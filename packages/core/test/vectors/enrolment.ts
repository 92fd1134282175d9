import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import {
  enrolmentAnswerTag,
  enrolmentCode,
  enrolmentCommitment,
  formatEnrolmentQr,
  formatEnrolmentReference,
  parseEnrolment,
} from '@serment/core/keys/enrolment';
import { type Finding, Scenarios } from './scenario.ts';

interface NewcomerHex {
  readonly author: string;
  readonly recipient: string;
  readonly nonce: string;
}

interface OpenerHex {
  readonly practice: string;
  readonly member: string;
  readonly author: string;
  readonly nonce: string;
}

interface QrHex {
  readonly reference: string;
  readonly commitment: string;
  readonly secret: string;
}

export interface EnrolmentVectors {
  readonly newcomer: NewcomerHex;
  readonly opener: OpenerHex;
  readonly secret: string;
  /** What both see when nothing was changed. */
  readonly commitment: string;
  readonly code: string;
  readonly tag: string;
  /** One item is another: then so are commitment, code and tag, those that depend on it. */
  readonly changed: readonly {
    readonly name: string;
    readonly newcomer: Partial<NewcomerHex>;
    readonly opener: Partial<OpenerHex>;
    readonly commitment: string;
    readonly code: string;
    readonly tag: string;
  }[];
  /** One item is of another size. */
  readonly refused: readonly {
    readonly name: string;
    readonly newcomer: Partial<NewcomerHex>;
    readonly opener: Partial<OpenerHex>;
    readonly error: string;
  }[];
  readonly texts: readonly (QrHex & { readonly name: string; readonly typed: string; readonly text: string })[];
  readonly read: readonly {
    readonly name: string;
    readonly text: string;
    readonly reference?: string;
    /** Absent for a reference that was typed. */
    readonly commitment?: string;
    readonly secret?: string;
    readonly error?: string;
    readonly fields?: Readonly<Record<string, number>>;
  }[];
}

/** Runs vectors/enrolment.json; nothing found is what it should give. */
export async function runEnrolmentVectors(vectors: EnrolmentVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  const { commitment: same, code: sameCode, tag: sameTag } = vectors;
  const whole = { name: 'nothing changed', newcomer: {}, opener: {}, commitment: same, code: sameCode, tag: sameTag };
  const secret = hexToBytes(vectors.secret);
  for (const { name, commitment, code, tag, ...items } of [whole, ...vectors.changed]) {
    const newcomer = newcomerOf({ ...vectors.newcomer, ...items.newcomer });
    const opener = openerOf({ ...vectors.opener, ...items.opener });
    await scenarios.gives(`${name}, commitment`, commitment, () => enrolmentCommitment(newcomer));
    await scenarios.gives(`${name}, code`, code, () => enrolmentCode(newcomer, opener));
    await scenarios.gives(`${name}, tag`, tag, () =>
      enrolmentAnswerTag({ commitment: hexToBytes(commitment), secret }, opener),
    );
  }
  for (const { name, error, ...items } of vectors.refused)
    await scenarios.refuses(name, error, () =>
      enrolmentCode(
        newcomerOf({ ...vectors.newcomer, ...items.newcomer }),
        openerOf({ ...vectors.opener, ...items.opener }),
      ),
    );
  for (const { name, typed, text, ...items } of vectors.texts) {
    const qr = {
      reference: hexToBytes(items.reference),
      commitment: hexToBytes(items.commitment),
      secret: hexToBytes(items.secret),
    };
    await scenarios.gives(`${name}, text`, text, () => formatEnrolmentQr(qr));
    await scenarios.gives(`${name}, reference`, typed, () => formatEnrolmentReference(qr.reference));
    await scenarios.gives(`${name}, read`, [items.reference, items.commitment, items.secret], () => shown(text));
    await scenarios.gives(`${name}, reference read`, [items.reference, null, null], () => shown(typed));
  }
  for (const { name, text, reference, commitment = null, secret: own = null, error, fields } of vectors.read)
    if (error === undefined) await scenarios.gives(name, [reference, commitment, own], () => shown(text));
    else await scenarios.refuses(name, error, () => parseEnrolment(text), fields);
  return scenarios.findings;
}

function newcomerOf({ author, recipient, nonce }: NewcomerHex) {
  return { author: hexToBytes(author), recipient: hexToBytes(recipient), nonce: hexToBytes(nonce) };
}

function openerOf({ practice, member, author, nonce }: OpenerHex) {
  return {
    ...{ practice: hexToBytes(practice), member: hexToBytes(member) },
    ...{ author: hexToBytes(author), nonce: hexToBytes(nonce) },
  };
}

function shown(text: string): (string | null)[] {
  const { reference, scanned } = parseEnrolment(text);
  const own = scanned === null ? [null, null] : [bytesToHex(scanned.commitment), bytesToHex(scanned.secret)];
  return [bytesToHex(reference), ...own];
}
