import { createHash } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { type Certificate, parseCertificate } from '../../src/cps/certificate.ts';

/** A certificate of the tests and the key that it names. */
export interface Issued {
  readonly keys: CryptoKeyPair;
  readonly der: Uint8Array<ArrayBuffer>;
  readonly certificate: Certificate;
}

export interface NameField {
  readonly type: string;
  readonly value: asn1js.BaseBlock;
}

export interface IssueOptions {
  /** Fields of one array share one RDN. */
  readonly subject: readonly (NameField | readonly NameField[])[];
  /** Signs by itself when absent. */
  readonly issuer?: Issued;
  /** Names another issuer than the one that signs. */
  readonly issuerName?: Issued;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly serial?: string;
  /** Absent for a certificate without basicConstraints. */
  readonly authority?: { readonly isAuthority: boolean; readonly pathLength?: number };
  /** First byte of keyUsage; absent for none. */
  readonly usage?: number;
  readonly purposes?: readonly string[];
  readonly crlUrls?: readonly string[];
  readonly ocspUrl?: string;
  readonly more?: readonly pkijs.Extension[];
  readonly hash?: string;
  readonly keys?: CryptoKeyPair;
  readonly bits?: number;
  /** Signature of somebody else's key. */
  readonly signedBy?: CryptoKeyPair;
}

export const now = Date.UTC(2026, 5, 15, 10);
export const dayMs = 86_400_000;
const yearMs = 365 * dayMs;

export const utf8 = (value: string) => new asn1js.Utf8String({ value });
export const printable = (value: string) => new asn1js.PrintableString({ value });
export const field = (type: string, value: asn1js.BaseBlock | string): NameField => ({
  type,
  value: typeof value === 'string' ? utf8(value) : value,
});
export const oids = {
  cn: '2.5.4.3',
  sn: '2.5.4.4',
  c: '2.5.4.6',
  o: '2.5.4.10',
  title: '2.5.4.12',
  gn: '2.5.4.42',
} as const;

export const rpps = '10001234565';

/** The subject of a doctor's card, as IGC-Santé lays it out. */
export function doctorName(cn: string = rpps): (NameField | NameField[])[] {
  const person = [field(oids.sn, 'LÉONARD'), field(oids.gn, 'Zoé'), field(oids.cn, printable(cn))];
  return [field(oids.c, printable('FR')), field(oids.title, 'Médecin'), person];
}

export async function makeKeys(bits = 0): Promise<CryptoKeyPair> {
  if (bits === 0) return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: bits,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  };
  return crypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
}

let serials = 0;

export async function issue(options: IssueOptions): Promise<Issued> {
  const keys = options.keys ?? (await makeKeys(options.bits));
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  serials += 1;
  const serial = options.serial ?? `7${serials.toString(16).padStart(15, '0')}`;
  certificate.serialNumber = new asn1js.Integer({ valueHex: Buffer.from(serial, 'hex') });
  fill(certificate.subject, options.subject);
  certificate.issuer = (options.issuerName ?? options.issuer)?.certificate.asn1.subject ?? certificate.subject;
  certificate.notBefore.value = new Date(options.notBefore ?? now - yearMs);
  certificate.notAfter.value = new Date(options.notAfter ?? now + yearMs);
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  certificate.extensions = extensionsOf(options);
  const signer = options.signedBy ?? options.issuer?.keys ?? keys;
  await certificate.sign(signer.privateKey, options.hash ?? 'SHA-256');
  const der = new Uint8Array(certificate.toSchema(true).toBER());
  return { keys, der, certificate: parseCertificate(der) };
}

export interface Hierarchy {
  readonly root: Issued;
  readonly cards: Issued;
  readonly authorities: readonly Certificate[];
}

/** A root and, below it, the authority of cards, with those options; `both` are of the two. */
export async function makeHierarchy(
  options: Partial<IssueOptions> = {},
  both: Partial<IssueOptions> = {},
): Promise<Hierarchy> {
  const root = await issueAuthority('AC RACINE', both);
  const cards = await issueAuthority('AC PERSONNES', { issuer: root, ...both, ...options });
  return { root, cards, authorities: [root.certificate, cards.certificate] };
}

export function issueAuthority(name: string, options: Partial<IssueOptions>): Promise<Issued> {
  const subject = [field(oids.c, printable('FR')), field(oids.o, 'ESSAI'), field(oids.cn, name)];
  return issue({ subject, authority: { isAuthority: true }, usage: 0x06, ...options });
}

export function issueCard(issuer: Issued, options: Partial<IssueOptions> = {}): Promise<Issued> {
  return issue({ subject: doctorName(), issuer, usage: 0x80, purposes: ['1.3.6.1.5.5.7.3.2'], ...options });
}

export interface CrlOptions {
  readonly signedBy?: Issued;
  readonly revoked?: readonly Issued[];
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
  readonly extensions?: readonly pkijs.Extension[];
  readonly entryExtensions?: readonly pkijs.Extension[];
  readonly hash?: string;
}

export async function makeCrl(issuer: Issued, options: CrlOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { revoked = [], thisUpdate = now - dayMs, nextUpdate = now + dayMs, extensions, entryExtensions } = options;
  const time = (ms: number) => new pkijs.Time({ type: 0, value: new Date(ms) });
  const crl = new pkijs.CertificateRevocationList({
    version: 1,
    issuer: issuer.certificate.asn1.subject,
    thisUpdate: time(thisUpdate),
    ...(nextUpdate === null ? {} : { nextUpdate: time(nextUpdate) }),
    ...(extensions === undefined ? {} : { crlExtensions: new pkijs.Extensions({ extensions: [...extensions] }) }),
  });
  if (revoked.length > 0)
    crl.revokedCertificates = revoked.map(
      ({ certificate }) =>
        new pkijs.RevokedCertificate({
          userCertificate: certificate.asn1.serialNumber,
          revocationDate: time(now - dayMs),
          ...(entryExtensions === undefined
            ? {}
            : { crlEntryExtensions: new pkijs.Extensions({ extensions: [...entryExtensions] }) }),
        }),
    );
  await crl.sign((options.signedBy ?? issuer).keys.privateKey, options.hash ?? 'SHA-256');
  return new Uint8Array(crl.toSchema(true).toBER());
}

export interface OcspOptions {
  readonly status?: 'good' | 'revoked' | 'unknown';
  readonly signer?: Issued;
  readonly thisUpdate?: number;
  readonly nextUpdate?: number | null;
  /** What comes back as nonce; the one asked by default, null for none. */
  readonly nonce?: Uint8Array | null;
  readonly about?: Issued;
  readonly byKey?: boolean;
  readonly hash?: string;
}

/** What a responder says to a request about a certificate of `issuer`. */
export async function answerOcsp(
  request: Uint8Array,
  issuer: Issued,
  options: OcspOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const {
    status = 'good',
    signer = issuer,
    thisUpdate = now - 60_000,
    nextUpdate = now + dayMs,
    nonce,
    about,
  } = options;
  const asked = pkijs.OCSPRequest.fromBER(new Uint8Array(request)).tbsRequest;
  const certID =
    about === undefined
      ? asked.requestList[0]!.reqCert
      : await pkijs.CertID.create(about.certificate.asn1, {
          hashAlgorithm: 'SHA-1',
          issuerCertificate: issuer.certificate.asn1,
        });
  const data = new pkijs.ResponseData();
  const { subject, subjectPublicKeyInfo } = signer.certificate.asn1;
  const keyBytes = subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView;
  data.responderID = options.byKey
    ? new asn1js.OctetString({ valueHex: new Uint8Array(createHash('sha1').update(keyBytes).digest()) })
    : subject;
  data.producedAt = new Date(now);
  data.responses = [
    new pkijs.SingleResponse({
      certID,
      certStatus: certStatus(status),
      thisUpdate: new Date(thisUpdate),
      ...(nextUpdate === null ? {} : { nextUpdate: new Date(nextUpdate) }),
    }),
  ];
  const back = nonce === undefined ? asked.requestExtensions?.[0]?.extnValue.valueBlock.valueHexView : nonce;
  if (back !== null && back !== undefined)
    data.responseExtensions = [
      new pkijs.Extension({ extnID: '1.3.6.1.5.5.7.48.1.2', extnValue: new Uint8Array(back).buffer }),
    ];
  const basic = new pkijs.BasicOCSPResponse({ tbsResponseData: data });
  if (signer !== issuer) basic.certs = [signer.certificate.asn1];
  await basic.sign(signer.keys.privateKey, options.hash ?? 'SHA-256');
  const response = new pkijs.OCSPResponse({
    responseStatus: new asn1js.Enumerated({ value: 0 }),
    responseBytes: new pkijs.ResponseBytes({
      responseType: '1.3.6.1.5.5.7.48.1.1',
      response: new asn1js.OctetString({ valueHex: basic.toSchema().toBER() }),
    }),
  });
  return new Uint8Array(response.toSchema().toBER());
}

export function extension(extnID: string, value: asn1js.BaseBlock, critical = false): pkijs.Extension {
  return new pkijs.Extension({ extnID, critical, extnValue: value.toBER() });
}

function certStatus(status: 'good' | 'revoked' | 'unknown'): asn1js.BaseBlock {
  const idBlock = (tagNumber: number) => ({ tagClass: 3, tagNumber });
  if (status === 'revoked')
    return new asn1js.Constructed({
      idBlock: idBlock(1),
      value: [new asn1js.GeneralizedTime({ valueDate: new Date(now - dayMs) })],
    });
  return new asn1js.Primitive({ idBlock: idBlock(status === 'good' ? 0 : 2) });
}

function fill(name: pkijs.RelativeDistinguishedNames, fields: IssueOptions['subject']): void {
  const pair = ({ type, value }: NameField) =>
    new asn1js.Sequence({ value: [new asn1js.ObjectIdentifier({ value: type }), value] });
  const sets = fields.map((one) => new asn1js.Set({ value: [one].flat().map(pair) }));
  // pkijs would put each field in an RDN of its own.
  name.valueBeforeDecode = new asn1js.Sequence({ value: sets }).toBER();
}

function extensionsOf({ authority, usage, purposes, crlUrls, ocspUrl, more = [] }: IssueOptions): pkijs.Extension[] {
  const url = (value: string) => new pkijs.GeneralName({ type: 6, value });
  const found: pkijs.Extension[] = [];
  if (authority !== undefined) {
    const { isAuthority, pathLength } = authority;
    const value = { cA: isAuthority, ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }) };
    found.push(extension('2.5.29.19', new pkijs.BasicConstraints(value).toSchema(), true));
  }
  if (usage !== undefined)
    found.push(
      extension('2.5.29.15', new asn1js.BitString({ valueHex: new Uint8Array([usage]).buffer, unusedBits: 0 }), true),
    );
  if (purposes !== undefined)
    found.push(extension('2.5.29.37', new pkijs.ExtKeyUsage({ keyPurposes: [...purposes] }).toSchema()));
  if (crlUrls !== undefined) {
    const distributionPoints = crlUrls.map((one) => new pkijs.DistributionPoint({ distributionPoint: [url(one)] }));
    found.push(extension('2.5.29.31', new pkijs.CRLDistributionPoints({ distributionPoints }).toSchema()));
  }
  if (ocspUrl !== undefined) {
    const accessDescriptions = [
      new pkijs.AccessDescription({ accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: url(ocspUrl) }),
    ];
    found.push(extension('1.3.6.1.5.5.7.1.1', new pkijs.InfoAccess({ accessDescriptions }).toSchema()));
  }
  return [...found, ...more];
}
