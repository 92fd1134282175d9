import { signerNamed } from '../../packages/core/test/journal/signer.ts';
import { Scenarios } from './authorize-scenarios.ts';
import { vectorPractice } from './vector-practice.ts';

const mostWitnesses = 8;

/** Who may name a witness, and let it go. */
export async function tryWitnesses(): Promise<Scenarios> {
  const scenarios = new Scenarios(await vectorPractice('witnesses'));
  const { practice } = scenarios;
  await practice.appendRecords();
  const { device: doctor, kit, host, founder } = practice;
  const substitute = await practice.addMember('substitute', ['admin', 'clinical']);
  const desk = await practice.addMember('desk', ['admin']);
  const script = await signerNamed('serment vectors witnessing script');
  await practice.append({ signer: doctor, body: await practice.deviceBody(founder, script, 'script') });
  const { author: key } = await signerNamed('serment vectors witness');
  const body = practice.witnessBody('witness.example/w1', key);
  const gone = practice.witnessBody(null, key);

  await scenarios.try(null, 'a witness named by a doctor\u2019s device', { signer: doctor, body });
  for (const [name, signer] of [
    ['a substitute', substitute.device],
    ['a desk', desk.device],
    ['a doctor\u2019s kit', kit],
    ['a doctor\u2019s script', script],
    ['the host', host],
  ] as const)
    await scenarios.try('ROLE_FORBIDDEN', `a witness named by ${name}`, { signer, body });
  for (const [name, author] of [
    ['a device', desk.device.author],
    ['a kit', kit.author],
    ['the host', host.author],
  ] as const)
    await scenarios.try('AUTHOR_EXISTS', `${name} named as a witness`, {
      signer: doctor,
      body: practice.witnessBody('witness.example/w1', author),
    });
  await scenarios.try('COMPARTMENT_UNKNOWN', 'a witness named in a compartment', {
    ...{ signer: doctor, body, compartment: 'admin', epoch: 1 },
  });
  await scenarios.try('BASE_STALE', 'a witness named on an older base', { signer: doctor, body, base: null });
  await scenarios.try('WITNESS_REFUSED', 'a witness let go that never was', { signer: doctor, body: gone });

  await practice.append({ signer: doctor, body });
  await scenarios.try('WITNESS_REFUSED', 'a witness named twice', { signer: doctor, body });
  await scenarios.try(null, 'a witness named anew', {
    signer: doctor,
    body: practice.witnessBody('other.example', key),
  });
  await scenarios.try(null, 'a witness let go', { signer: doctor, body: gone });
  await scenarios.try('ROLE_FORBIDDEN', 'a witness let go by the host', { signer: host, body: gone });
  const { author } = await signerNamed('serment vectors witness');
  await scenarios.try('AUTHOR_UNKNOWN', 'an entry by a witness', {
    signer: await signerNamed('serment vectors witness'),
    body: practice.witnessBody(null, author),
  });
  for (let count = 1; count < mostWitnesses; count += 1)
    await practice.append({ signer: doctor, body: practice.witnessBody(`witness.example/${count}`) });
  await scenarios.try('WITNESS_REFUSED', 'a ninth witness', { signer: doctor, body: practice.witnessBody() });
  await scenarios.try(null, 'one of eight named anew', { signer: doctor, body: practice.witnessBody('w2', key) });
  await practice.append({ signer: doctor, body: gone });
  await scenarios.try(null, 'another in the place of one let go', { signer: doctor, body: practice.witnessBody() });
  await scenarios.try('WITNESS_REFUSED', 'a witness let go twice', { signer: doctor, body: gone });
  return scenarios;
}
