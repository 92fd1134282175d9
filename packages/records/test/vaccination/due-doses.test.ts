import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { dayAt, type PlannedDose, vaccinationPlan } from '../../src/vaccination/due-doses.ts';
import { schedule2025 } from '../../src/vaccination/schedule-2025.ts';
import { vaccineKinds } from '../../src/vaccination/vaccines.ts';

const atc = 'http://www.whocc.no/atc';

interface Shot {
  readonly [element: string]: unknown;
  readonly occurrenceDateTime?: string;
}

function shot(code: string, occurrenceDateTime?: string, text = ''): Shot {
  return {
    ...{ resourceType: 'Immunization', status: 'completed' },
    vaccineCode: { coding: [{ system: atc, code }], text },
    ...(occurrenceDateTime === undefined ? { occurrenceString: 'enfance' } : { occurrenceDateTime }),
  };
}

const plan = (birthDate: string, today: string, immunizations: readonly Shot[] = []) =>
  vaccinationPlan({ birthDate, immunizations }, today, schedule2025);

function lines(birthDate: string, today: string, immunizations: readonly Shot[] = []): Record<string, string> {
  const { doses } = plan(birthDate, today, immunizations);
  return Object.fromEntries(doses.map(({ rule, rank, status }) => [`${rule} ${rank}`, status]));
}

const hexa = 'J07CA09';

describe('the schedule of 2025', () => {
  it('asks of an infant of two months what is due then, and of the next doses no more than their day', () => {
    const { doses } = plan('2026-03-10', '2026-05-12');
    const due = doses.filter(({ status }) => status === 'due').map(({ rule, rank }) => `${rule} ${rank}`);
    assert.deepEqual(due, [
      'dtp 1',
      'pertussis 1',
      'haemophilus 1',
      'hepatitisB 1',
      'pneumococcusInfant 1',
      'rotavirus 1',
    ]);
    const later = doses.find(({ rule }) => rule === 'meningococcusB');
    assert.deepEqual([later?.status, later?.from, later?.isObligatory], ['later', '2026-06-10', true]);
  });

  it('waits for the interval after a dose that was given late', () => {
    const { doses } = plan('2026-01-10', '2026-06-20', [shot(hexa, '2026-05-01')]);
    const second = doses.find(({ rule, rank }) => rule === 'dtp' && rank === 2);
    assert.deepEqual([second?.status, second?.from], ['later', '2026-07-01']);
  });

  it('says late of a child, and no more than "to check" of the childhood of an adult', () => {
    assert.equal(lines('2024-01-10', '2026-06-20')['measles 1'], 'late');
    assert.equal(lines('1990-01-10', '2026-06-20')['measles 1'], 'check');
    assert.equal(lines('1975-01-10', '2026-06-20')['measles 1'], undefined);
  });

  it('has meningococci B and ACWY of infants as obligations of those born since 2025', () => {
    assert.equal('meningococcusInfant 1' in lines('2024-12-31', '2025-09-01'), false);
    assert.equal(lines('2025-01-01', '2025-07-02')['meningococcusInfant 1'], 'due');
  });

  it('has a booster at 6, 11 to 13, 25, 45, 65 and every ten years, the last one reached alone', () => {
    assert.equal(lines('2020-01-10', '2026-02-01')['dtpBoosters 1'], 'due');
    assert.equal(lines('2014-01-10', '2026-02-01')['dtpBoosters 2'], 'due');
    const at48 = lines('1978-01-10', '2026-02-01', [shot('J07CA01', '2003-05-06')]);
    assert.equal(at48['dtpBoosters 3'], 'done');
    assert.equal(at48['dtpBoosters 4'], 'late');
    assert.equal(at48['dtpBoosters 5'], 'later');
    const at77 = lines('1949-01-10', '2026-02-01', [shot('J07CA01', '2021-05-06')]);
    assert.equal(at77['dtpBoosters 6'], 'done');
    assert.equal('dtpBoosters 5' in at77, false);
    assert.equal('pertussisBoosters 3' in at77 && at77['pertussisBoosters 3'], 'over');
  });

  it('takes a booster for no dose of the first year', () => {
    const adult = lines('1990-01-10', '2026-02-01', [shot('J07CA02', '2015-05-06')]);
    assert.equal(adult['dtp 1'], 'unknown');
    assert.equal(adult['dtpBoosters 3'], 'done');
  });

  it('asks for two doses against papillomaviruses, or for three when begun at 15', () => {
    assert.equal(lines('2014-01-10', '2026-02-01')['papillomavirus 2'], 'later');
    assert.equal('papillomavirusLate 3' in lines('2010-01-10', '2026-02-01'), true);
    const begun = lines('2010-01-10', '2026-02-01', [shot('J07BM03', '2024-03-01')]);
    assert.deepEqual([begun['papillomavirus 1'], begun['papillomavirus 2']], ['done', 'late']);
    assert.equal('papillomavirusLate 1' in begun, false);
  });

  it('has zoster and pneumococcus from 65, and influenza each winter', () => {
    const senior = lines('1958-01-10', '2026-11-23', [shot('J07BB02', '2025-10-20'), shot('J07BK03', '2025-05-01')]);
    assert.deepEqual([senior['zoster 1'], senior['zoster 2']], ['done', 'due']);
    assert.deepEqual([senior['pneumococcusSenior 1'], senior['influenza 1'], senior['covid 1']], ['due', 'due', 'due']);
    assert.equal(lines('1958-01-10', '2026-06-23')['influenza 1'], 'later');
    assert.equal(lines('1962-01-10', '2026-11-23')['zoster 1'], 'later');
  });

  it('leaves to a person a pneumococcal dose whose valences it does not know', () => {
    const old = [shot('J07AL02', '2019-05-01', 'Pneumocoque (Prevenar 13)')];
    assert.equal(lines('1950-01-10', '2026-11-23', old)['pneumococcusSenior 1'], 'unknown');
    const new20 = [shot('J07AL02', '2025-05-01', 'Pneumocoque (Prevenar 20)')];
    assert.equal(lines('1950-01-10', '2026-11-23', new20)['pneumococcusSenior 1'], 'done');
  });

  it('never takes a dose without a day for one that was given in time, nor for one that was not', () => {
    const undated = plan('2014-01-10', '2026-02-01', [shot('J07CA02')]);
    const booster = undated.doses.find(({ rule, rank }) => rule === 'dtpBoosters' && rank === 2);
    assert.equal(booster?.status, 'unknown');
    assert.equal(undated.undated, 1);
    assert.equal(lines('2014-01-10', '2026-02-01', [shot('J07CA02', '2024')])['dtpBoosters 2'], 'unknown');
    assert.equal(lines('2014-01-10', '2026-02-01', [shot('J07CA02', '2025')])['dtpBoosters 2'], 'done');
  });

  it('counts what it does not recognise, and neither a refused dose nor one of tomorrow', () => {
    const refused = { ...shot(hexa, '2026-05-12'), status: 'not-done' };
    const read = plan('2026-03-10', '2026-05-12', [refused, shot(hexa, '2026-05-13'), shot('141', '2026-05-01')]);
    assert.equal(read.unrecognised, 1);
    assert.equal(read.doses.find(({ rule }) => rule === 'dtp')?.status, 'due');
  });
});

const day = fc
  .date({ min: new Date('1935-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const someShot = fc
  .tuple(fc.constantFrom(...vaccineKinds), day, fc.constantFrom(4, 7, 10, 0))
  .map(([{ atc: code, text }, when, length]) => shot(code, length === 0 ? undefined : when.slice(0, length), text));
const life = { birth: day, shots: fc.array(someShot, { maxLength: 12 }), today: day };
const ranks = { later: 0, due: 1, late: 2, check: 2, over: 3 } as const;
const named = ({ rule, rank }: PlannedDose) => `${rule} ${rank}`;

describe('whatever was given, and whenever', () => {
  const check = (property: (birth: string, shots: Shot[], today: string) => void) =>
    fc.assert(
      fc.property(life.birth, life.shots, life.today, (...given) =>
        given[0] > given[2] ? undefined : property(...given),
      ),
      {
        numRuns: 400,
      },
    );

  it('nothing is due before its age', () => {
    check((birth, shots, today) => {
      for (const dose of plan(birth, today, shots).doses) {
        if (dose.from !== null) assert.ok(dose.from >= dayAt(birth, dose.age));
        if (dose.status === 'due' || dose.status === 'late') assert.ok(today >= dayAt(birth, dose.age), named(dose));
      }
    });
  });

  it('a dose is done by one that was recorded, on a day, and no two by the same one', () => {
    check((birth, shots, today) => {
      const { doses } = plan(birth, today, shots);
      const days = shots.flatMap(({ occurrenceDateTime: one }) => (one === undefined ? [] : [one]));
      for (const dose of doses) if (dose.status === 'done') assert.ok(days.includes(dose.given ?? '?'), named(dose));
      for (const rule of schedule2025.rules) {
        const done = doses.filter((dose) => dose.rule === rule.key && dose.status === 'done');
        const own = shots.filter(({ occurrenceDateTime: one }) => one !== undefined);
        assert.ok(done.length <= own.length);
      }
    });
  });

  it('time alone brings a dose nearer, and never takes back what was done', () => {
    fc.assert(
      fc.property(
        life.birth,
        life.shots,
        life.today,
        fc.integer({ min: 1, max: 6000 }),
        (birth, shots, today, days) => {
          if (birth > today) return;
          const past = shots.filter(
            ({ occurrenceDateTime: one }) => one === undefined || `${one}-12-31`.slice(0, 10) < today,
          );
          const then = new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
          const now = new Map(plan(birth, today, past).doses.map((dose) => [named(dose), dose.status]));
          const winters = new Set(schedule2025.seasonal.map(({ key }) => `${key} 1`));
          for (const dose of plan(birth, then, past).doses) {
            const was = now.get(named(dose));
            if (was === undefined || winters.has(named(dose))) continue;
            if (was === 'done') assert.equal(dose.status, 'done', named(dose));
            if (was === 'unknown' || dose.status === 'unknown' || dose.status === 'done' || was === 'done') continue;
            assert.ok(ranks[dose.status] >= ranks[was], `${named(dose)}: ${was}, then ${dose.status}`);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('without a record nothing is done and nothing is unknown', () => {
    check((birth, _, today) => {
      for (const dose of plan(birth, today).doses) assert.ok(!['done', 'unknown'].includes(dose.status));
    });
  });
});
