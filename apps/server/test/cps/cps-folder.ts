import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as asn1js from 'asn1js';
import { extension, field, type Hierarchy, type Issued, issue, makeHierarchy, oids } from './test-authority.ts';

export interface CpsFolder {
  readonly folder: string;
  /** What `--cps` is given. */
  readonly file: string;
  readonly pki: Hierarchy;
  /** The listener's own certificate, which its client trusts. */
  readonly site: Issued;
  /** Writes the file again, with other values or without some (undefined). */
  configure(more?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Writes a certificate and its key beside it; answers with their paths. */
  save(name: string, issued: Issued): Promise<{ cert: string; key: string }>;
  /** Writes a list of revoked certificates. */
  writeList(name: string, der: Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

/** A folder with everything that `--cps` names: key and certificate for localhost, authorities, configuration. */
export async function makeCpsFolder(pki: Hierarchy): Promise<CpsFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-cps-'));
  const names = new asn1js.Sequence({ value: [dnsName('localhost')] });
  const site = await issue({
    subject: [field(oids.cn, 'localhost')],
    usage: 0x80,
    purposes: ['1.3.6.1.5.5.7.3.1'],
    more: [extension('2.5.29.17', names)],
    notBefore: Date.now() - 86_400_000,
    notAfter: Date.now() + 86_400_000,
  });
  const file = join(folder, 'cps.json');
  const made: CpsFolder = {
    folder,
    file,
    pki,
    site,
    async configure(more = {}) {
      const base = {
        port: 0,
        host: 'localhost',
        publicUrl: 'https://localhost:4443',
        key: 'site.key',
        cert: 'site.pem',
        authorities: ['root.pem', 'cards.pem'],
      };
      await writeFile(file, JSON.stringify({ ...base, ...more }));
      return file;
    },
    async save(name, issued) {
      const paths = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
      await writeFile(paths.cert, pemOf(issued));
      await writeFile(paths.key, await keyPem(issued));
      return paths;
    },
    writeList: (name, der) => writeFile(join(folder, name), der),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await made.save('site', site);
  await made.save('root', pki.root);
  await made.save('cards', pki.cards);
  await made.configure();
  return made;
}

/** Authorities whose dates hold on the day that the test runs, for what has no clock to be given. */
export function makeHierarchyOfToday(): Promise<Hierarchy> {
  const yearMs = 365 * 86_400_000;
  return makeHierarchy({}, { notBefore: Date.now() - yearMs, notAfter: Date.now() + yearMs });
}

export function pemOf({ certificate }: Issued): string {
  return certificate.openssl.toString();
}

export async function keyPem({ keys }: Issued): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return String(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }));
}

function dnsName(name: string): asn1js.Primitive {
  return new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber: 2 }, valueHex: new TextEncoder().encode(name) });
}
