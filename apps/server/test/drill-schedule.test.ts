import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readDrillConfig, usualDrills } from '../src/jobs/drill-config.ts';
import { nightAt, slotOf, weekOf } from '../src/jobs/drill-schedule.ts';

const hourMs = 3_600_000;
const paris = { fromMinute: 22 * 60, minutes: 7 * 60, timeZone: 'Europe/Paris' };
const at = (text: string) => Date.parse(text);

describe('nights', () => {
  it('are named by the day on which they began, on the clock of their place, until the next one', () => {
    const began = at('2026-11-29T21:00:00Z');
    for (const time of ['2026-11-29T21:00:00Z', '2026-11-30T04:00:59Z', '2026-11-30T20:59:59Z'])
      assert.deepEqual(nightAt(at(time), paris), { name: '2026-11-29', from: began }, time);
    assert.equal(nightAt(at('2026-11-30T21:00:00Z'), paris).name, '2026-11-30');
    assert.equal(nightAt(at('2026-07-01T20:00:00Z'), paris).name, '2026-07-01', 'in summer time');
    assert.equal(nightAt(at('2027-01-01T01:00:00Z'), { ...paris, fromMinute: 60 }).name, '2027-01-01');
  });

  it('spread practices over the window, each at the same hour every night', () => {
    const night = nightAt(at('2026-11-29T23:00:00Z'), paris);
    const next = nightAt(at('2026-11-30T23:00:00Z'), paris);
    const slots = Array.from({ length: 500 }, (_, place) => slotOf(night, paris, `practice ${place}`, 'disque'));
    assert.ok(slots.every((slot) => slot >= night.from && slot < night.from + 7 * hourMs));
    for (let hour = 0; hour < 7; hour += 1) {
      const begun = slots.filter((slot) => Math.floor((slot - night.from) / hourMs) === hour).length;
      assert.ok(begun > 40 && begun < 110, `${begun} in hour ${hour}`);
    }
    assert.equal(slotOf(next, paris, 'practice 7', 'disque') - (slots[7] ?? 0), 24 * hourMs);
    assert.notEqual(slotOf(night, paris, 'practice 7', 'ailleurs'), slots[7]);
  });

  it('make weeks of seven', () => {
    const weeks = Array.from({ length: 15 }, (_, day) =>
      weekOf(nightAt(at('2026-12-01T03:00:00Z') + day * 24 * hourMs, paris)),
    );
    const counts = [...new Set(weeks)].map((week) => weeks.filter((one) => one === week).length);
    assert.ok(counts.length === 3 && counts.slice(1, -1).every((count) => count === 7), counts.join());
  });
});

describe('the file of --drills', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serment-drills-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const read = async (value: unknown) => {
    await writeFile(join(folder, 'drills.json'), JSON.stringify(value));
    return readDrillConfig(join(folder, 'drills.json'));
  };

  it('says from when until when, where, and on which disk', async () => {
    assert.deepEqual(await read({}), usualDrills);
    const all = { from: '22:30', until: '04:00', timeZone: 'Europe/Paris', scratch: '/srv/drills' };
    const window = { fromMinute: 1350, minutes: 330, timeZone: 'Europe/Paris' };
    assert.deepEqual(await read(all), { window, scratchDir: '/srv/drills' });
    assert.equal((await read({ from: '03:00', until: '03:00' })).window.minutes, 1440, 'the whole day');
  });

  it('is refused with what it does not say well', async () => {
    for (const [value, field] of [
      [{ from: '24:00' }, 'from'],
      [{ until: '4:00' }, 'until'],
      [{ timeZone: 'Europe/Nulle-Part' }, 'timeZone'],
      [{ hours: 3 }, ''],
    ] as const)
      await assert.rejects(read(value), { code: 'USAGE', fields: { field } }, JSON.stringify(value));
  });
});
