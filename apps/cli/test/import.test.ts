import assert from 'node:assert/strict';
import { mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { demoPractice } from '@serment/records/demo/demo-practice';
import { done, type Ran, type Served, serment, serve, temporaryFolder } from './serment.ts';

const folder = await temporaryFolder();
const at = (name: string) => join(folder, name);
const kit = at('kit.txt');
const patients = [...demoPractice({ patients: 40, seed: 3, today: '2026-11-23' }).patients()].map((patient) => ({
  ...patient,
  // Their documents stand in another vault.
  resources: patient.resources.filter(({ resourceType }) => resourceType !== 'DocumentReference'),
}));
let server: Served;

before(async () => {
  server = await serve(at('data'), ['--copy', at('copy')]);
  const args = ['practice', 'create', '--server', server.url, '--name', 'Cabinet', '--doctor', 'Claire Vasseur'];
  await done([...args, '--kit-out', kit]);
});
after(() => server.stop());

function importing(paths: readonly string[], onLine?: (line: string) => void): Promise<Ran> {
  const args = ['import', '--server', server.url, '--kit', kit, ...paths, '--json'];
  return serment(args, onLine === undefined ? {} : { onLine });
}

function bundle(resources: readonly object[]): string {
  return JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  });
}

test('a hostile folder: what can be read is stored, and each file that cannot be says why', async () => {
  await mkdir(at('hostile/deep'), { recursive: true });
  const [patient] = patients[0]?.resources ?? [];
  const files: Record<string, string | Uint8Array> = {
    'good.json': bundle([{ ...patient }]),
    'deep/lines.ndjson':
      '{"resourceType":"Basic","id":"a"}\n{"resourceType":"Basic"\n{"resourceType":"Basic","id":"b"}\n',
    'truncated.json': bundle([{ ...patient }]).slice(0, -40),
    'empty.json': '',
    'notes.txt': 'not JSON at all',
    'foreign.json': '{"resourceType":"Bundle","entry":[{"resource":{"ClinicalDocument":true}}]}',
    'foreign.xml': '<ClinicalDocument/>',
    'windows.json': new Uint8Array(
      Buffer.from('{"resourceType":"Basic","id":"c","text":"H\u00e9l\u00e8ne"}', 'latin1'),
    ),
    'twice.json': '{"resourceType":"Basic","id":"d","id":"e"}',
    '.hidden.json': 'passed over',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(at(`hostile/${name}`), content);
  const huge = await open(at('hostile/huge.json'), 'w');
  await huge.truncate(300 * 1024 * 1024);
  await huge.close();
  await symlink('/dev/zero', at('hostile/endless.json'));
  await symlink('.', at('hostile/deep/loop'));
  const ran = await importing([at('hostile')]);
  assert.equal(ran.code, 1);
  const { files: told, stored } = ran.json<ImportDocument>();
  const codes = Object.fromEntries(
    told.map(({ path, findings }) => [path.slice(at('hostile/').length), findings.map(({ code }) => code)]),
  );
  assert.deepEqual(codes, {
    'deep/lines.ndjson': ['JSON_TRUNCATED'],
    'deep/loop': ['NOT_A_FILE'],
    'empty.json': ['JSON_EMPTY'],
    'endless.json': ['NOT_A_FILE'],
    'foreign.json': ['NOT_A_RESOURCE'],
    'foreign.xml': ['TEXT_FOREIGN'],
    'good.json': [],
    'huge.json': ['FILE_TOO_LARGE'],
    'notes.txt': ['JSON_SYNTAX'],
    'truncated.json': ['JSON_TRUNCATED'],
    'twice.json': ['JSON_DUPLICATE_KEY'],
    'windows.json': ['TEXT_WINDOWS_1252'],
  });
  assert.equal(stored.records, 3);
  const again = (await importing([at('hostile')])).json<ImportDocument>();
  assert.equal(again.stored.entries, 0);
});

test('a path that is not there is told before anything is read', async () => {
  const ran = await importing([at('hostile/good.json'), at('absent.json')]);
  assert.equal(ran.code, 2);
  assert.equal(ran.json<{ error: { code: string } }>().error.code, 'PATH_MISSING');
});

test('files refer to what other files brought, and a changed file replaces what it brought itself', async () => {
  await mkdir(at('apart'));
  const [person, visit] = [
    { resourceType: 'Patient', id: 'apart', name: [{ family: 'Noir' }], birthDate: '1970-01-01' },
    {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/apart' },
    },
  ];
  await writeFile(at('apart/Observation.ndjson'), `${JSON.stringify(visit)}\n`);
  await writeFile(at('apart/Patient.ndjson'), `${JSON.stringify(person)}\n`);
  const first = (await importing([at('apart')])).json<ImportDocument>();
  assert.deepEqual(
    first.files.map(({ path }) => path),
    [at('apart/Patient.ndjson'), at('apart/Observation.ndjson')],
  );
  await writeFile(at('apart/Observation.ndjson'), `${JSON.stringify({ ...visit, status: 'amended' })}\n`);
  assert.equal((await importing([at('apart')])).json<ImportDocument>().stored.records, 1);
  const someone = { ...person, name: [{ family: 'Blanc' }], birthDate: '1999-09-09' };
  await writeFile(at('apart/Patient.ndjson'), `${JSON.stringify(someone)}\n`);
  const stranger = await importing([at('apart')]);
  assert.equal(stranger.code, 1);
  assert.ok(stranger.json<ImportDocument>().files[0]?.findings.some(({ code }) => code === 'OTHER_PERSON'));
  await done(['export', '--server', server.url, '--kit', kit, '--out', at('apart-out'), '--patient', 'apart']);
});

test('when server and database are killed, every acknowledged entry is there, and a second run brings the rest', async () => {
  await mkdir(at('many'));
  for (const { patientId, resources } of patients) await writeFile(at(`many/${patientId}.json`), bundle(resources));
  const acknowledged: number[] = [];
  let records = 0;
  let cutting: Promise<void> | null = null;
  const ran = await importing([at('many')], (line) => {
    const event = line.startsWith('{') ? JSON.parse(line) : {};
    if (event.event !== 'acknowledged') return;
    acknowledged.push(...event.indexes);
    records += event.records;
    cutting ??= server.cut();
  });
  await cutting;
  assert.ok(acknowledged.length > 0, 'something was acknowledged before the cut');
  if (ran.code !== 0) {
    assert.equal(ran.code, 3);
    assert.ok(ran.json<ImportDocument>().stored.records > 0);
  }
  server = await serve(at('data'), ['--copy', at('copy')]);
  const again = await importing([at('many')]);
  assert.equal(again.code, 0);
  const { size } = again.json<ImportDocument>();
  assert.ok(size > Math.max(...acknowledged));
  const total = again.json<ImportDocument>().totals;
  assert.equal(total.stored + total.unchanged, total.read);
  assert.ok(total.unchanged >= records, 'what was acknowledged came back and is not stored again');
  await done(['export', '--server', server.url, '--kit', kit, '--out', at('many-out')]);
  await done(['verify', at('copy')]);
});

interface ImportDocument {
  readonly files: readonly { readonly path: string; readonly findings: readonly { readonly code: string }[] }[];
  readonly totals: { readonly read: number; readonly stored: number; readonly unchanged: number };
  readonly stored: { readonly entries: number; readonly records: number };
  readonly size: number;
}
