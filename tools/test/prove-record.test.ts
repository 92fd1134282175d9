import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { judgeFlows, shownFlows } from '../prove/record/flows.ts';
import { judgeLooks } from '../prove/record/screens.ts';
import { type Flow, readReport } from '../test-browser.ts';
import { root } from '../web-build.ts';

const flow = (parts: Partial<Flow>): Flow => ({
  ...{ file: 'a.spec.ts', title: 'one', end: 'passed', notes: [], errors: [] },
  ...parts,
});

describe('what shows the record can fall short', () => {
  it('every flow that a proof names is in its spec', () => {
    for (const { spec, titles = [] } of shownFlows) {
      const text = readFileSync(join(root, 'e2e', spec), 'utf8');
      const told = new Set([...text.matchAll(/\b(?:test|installed)\(\s*'([^']+)'/g)].map(([, title]) => title));
      for (const title of titles) assert.ok(told.has(title), `${spec}: ${title}`);
    }
  });

  it('flows that all passed hold, and are counted', () => {
    const flows = [flow({}), flow({ title: 'two' }), flow({ file: 'other.spec.ts', end: 'failed' })];
    assert.deepEqual(judgeFlows([{ spec: 'a.spec.ts' }], { flows, errors: [] }), {
      ...{ figure: '2 of 2 flows passed', holds: true, details: [] },
    });
    assert.equal(
      judgeFlows([{ spec: 'a.spec.ts', titles: ['two'] }], { flows, errors: [] }).figure,
      '1 of 1 flows passed',
    );
  });

  it('a spec that is missing, a title that nothing bears, a flow passed over, a failure and an error fall short', () => {
    const shown = [{ spec: 'a.spec.ts', titles: ['one'] }];
    for (const report of [
      { flows: [], errors: [] },
      { flows: [flow({ title: 'renamed' })], errors: [] },
      { flows: [flow({ end: 'skipped' })], errors: [] },
      { flows: [flow({ end: 'failed', errors: ['broken'] })], errors: [] },
      { flows: [flow({})], errors: ['another spec did not load'] },
    ] as const) {
      const { holds, details = [] } = judgeFlows(shown, report);
      assert.equal(holds, false);
      assert.ok(details.length > 0);
    }
    assert.equal(judgeFlows([{ spec: 'b.spec.ts' }], { flows: [flow({})], errors: [] }).holds, false);
  });

  it('a screen that was not looked at falls short as a violation does', () => {
    const notes = [{ type: 'looked', description: 'home, light' }];
    const seen = flow({ notes });
    assert.equal(judgeLooks(['home, light'], { flows: [seen], errors: [] }).holds, true);
    assert.equal(judgeLooks(['home, light', 'home, dark'], { flows: [seen], errors: [] }).holds, false);
    const violation = { type: 'violation', description: 'home, light: color-contrast' };
    const { figure, holds } = judgeLooks(['home, light'], {
      ...{ flows: [flow({ notes: [...notes, violation], end: 'failed' })], errors: [] },
    });
    assert.equal(figure, '1 violations on 1 of 1 looks');
    assert.equal(holds, false);
  });
});

describe('the report that Playwright leaves', () => {
  let path: string;
  before(() => {
    path = join(mkdtempSync(join(tmpdir(), 'serment-report-test-')), 'report.json');
  });
  after(() => rmSync(join(path, '..'), { recursive: true }));

  const read = (report: unknown) => {
    writeFileSync(path, JSON.stringify(report));
    return readReport(path);
  };
  const spec = (status: string, results: unknown[], title = 'one') => ({
    ...{
      title,
      file: 'a.spec.ts',
      tests: [{ status, results, annotations: [{ type: 'looked', description: 'home' }] }],
    },
  });

  it('flows are read from every depth, with their ends, notes and errors', () => {
    const failed = {
      status: 'failed',
      errors: [
        {
          message: '\u001b[31mbroken\u001b[39m\n\nLocator: here\nExpected: 1\nReceived: 2\nand more',
          location: { file: '/somewhere/a.spec.ts', line: 7, column: 3 },
        },
      ],
    };
    const { flows, errors } = read({
      suites: [
        {
          specs: [spec('expected', [{ status: 'passed' }])],
          suites: [{ specs: [spec('unexpected', [failed], 'two'), spec('skipped', [], 'three')] }],
        },
      ],
      errors: [{ message: 'no such file\nat …' }],
    });
    assert.deepEqual(
      flows.map(({ title, end }) => [title, end]),
      [
        ['one', 'passed'],
        ['two', 'failed'],
        ['three', 'skipped'],
      ],
    );
    assert.deepEqual(flows[0]?.notes, [{ type: 'looked', description: 'home' }]);
    assert.deepEqual(flows[1]?.errors, ['broken, Locator: here, Expected: 1, Received: 2, at a.spec.ts:7']);
    assert.deepEqual(errors, ['no such file']);
  });

  it('a second try, a failure that was expected and a flow without a result have not passed', () => {
    const tries = [{ status: 'failed' }, { status: 'passed' }];
    assert.equal(read({ suites: [{ specs: [spec('flaky', tries)] }] }).flows[0]?.end, 'unsteady');
    for (const one of [spec('expected', tries), spec('expected', [{ status: 'failed' }]), spec('expected', [])])
      assert.equal(read({ suites: [{ specs: [one] }] }).flows[0]?.end, 'failed');
  });

  it('no report, and one that is not understood, are no pass', () => {
    assert.deepEqual(readReport(`${path}.missing`), { flows: [], errors: ['Playwright left no report'] });
    assert.deepEqual(read('nothing').flows, []);
  });
});
