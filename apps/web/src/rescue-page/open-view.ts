import { dateText } from '@serment/records/page/element-text';
import type { RescueAppointment, RescueContent, RescueLine, RescuePatient } from './content.ts';
import { button, element } from './element.ts';
import { hour, weekday } from './moment.ts';
import { searchable } from './search.ts';
import { filled, type RescueWords } from './words.ts';

const shownAtFirst = 100;

/** A copy that is open: the agenda, the list, and one file at a time. The address says which by a number, and no name. */
export class OpenView {
  readonly root: HTMLElement;
  /** Whose file is shown, for the head of each printed sheet. */
  readonly printed = element('p', { className: 'printed' });
  readonly #content: RescueContent;
  readonly #words: RescueWords;
  readonly #list = element('ul', { className: 'list' });
  readonly #count = element('p', { className: 'hint', role: 'status' });
  readonly #file = element('article', { className: 'file', tabIndex: -1 });
  readonly #input = element('input', { type: 'search', id: 'search', autocomplete: 'off', spellcheck: false });
  readonly #search: (typed: string) => RescuePatient[];
  readonly #follow = () => this.#show();
  #limit = shownAtFirst;

  constructor(content: RescueContent, words: RescueWords) {
    this.#content = content;
    this.#words = words;
    this.#search = searchable(content.patients);
    this.#input.oninput = () => {
      this.#limit = shownAtFirst;
      this.#fill();
    };
    this.root = element(
      'main',
      { className: 'open' },
      element(
        'nav',
        { ariaLabel: words.patients },
        element('label', { htmlFor: 'search' }, words.search),
        this.#input,
        this.#count,
        this.#list,
        this.#agenda(),
        this.#scope(),
      ),
      this.#file,
    );
    addEventListener('hashchange', this.#follow);
    this.#fill();
    this.#show();
  }

  /** Leaves nothing of it behind. */
  close(): void {
    removeEventListener('hashchange', this.#follow);
    this.root.replaceChildren();
    this.root.remove();
  }

  focus(): void {
    this.#input.focus();
  }

  #fill(): void {
    const { found, more } = this.#words;
    const matching = this.#search(this.#input.value);
    const count = matching.length;
    this.#count.textContent =
      count === 0
        ? found.none
        : count === 1
          ? found.one
          : filled(found.some, { count: count.toLocaleString(this.#content.language) });
    const rows = matching.slice(0, this.#limit).map((patient) => element('li', {}, this.#link(patient)));
    const rest = count - rows.length;
    const showMore = button(more, () => {
      this.#limit += shownAtFirst * 5;
      this.#fill();
    });
    this.#list.replaceChildren(...rows, ...(rest > 0 ? [element('li', {}, showMore)] : []));
    this.#mark();
  }

  #link(patient: RescuePatient): HTMLAnchorElement {
    const { language } = this.#content;
    return element(
      'a',
      { href: `#${this.#content.patients.indexOf(patient) + 1}` },
      element('bdi', { className: 'name' }, nameOf(patient)),
      element('span', { className: 'birth' }, dateText(patient.birthDate, language)),
    );
  }

  #agenda(): HTMLElement {
    const { agenda, noAgenda } = this.#words;
    const { appointments, language } = this.#content;
    const days = new Set(appointments.map(({ at }) => weekday(at, language)));
    const ofDay = (day: string) => appointments.filter(({ at }) => weekday(at, language) === day);
    const told = [...days].map((day) => [
      element('h3', {}, day),
      element('ul', {}, ...ofDay(day).map((one) => this.#appointment(one))),
    ]);
    if (told.length === 0) return element('section', { className: 'hint' }, noAgenda);
    const title = element('summary', {}, element('h2', {}, `${agenda} (${appointments.length})`));
    // On a phone it stands before the list, and folded.
    const open = matchMedia('(min-width: 901px)').matches;
    return element('details', { className: 'agenda', open }, title, ...told.flat());
  }

  #appointment({ at, patient: id, with: who }: RescueAppointment): HTMLLIElement {
    const patient = this.#content.patients.find((one) => one.id === id);
    return element(
      'li',
      {},
      element('time', {}, hour(at, this.#content.language)),
      element(
        'span',
        {},
        patient === undefined
          ? element('span', { className: 'hint' }, this.#words.unknownPatient)
          : this.#link(patient),
        who === '' ? null : element('bdi', { className: 'hint' }, who),
      ),
    );
  }

  /** Whose copy it is, and what is not in it. */
  #scope(): HTMLElement {
    const { copyOf, scope, left: told } = this.#words;
    const { practice, maker, months, left } = this.#content;
    const absent = (['restricted', 'absent', 'partial', 'beyond'] as const).flatMap((kind) => {
      const count = left[kind];
      return count === 0 ? [] : count === 1 ? told[kind].one : filled(told[kind].other, { count });
    });
    const lines = [filled(copyOf, { practice, maker }), filled(scope, { months }), ...absent];
    return element(
      'section',
      { className: 'scope' },
      ...lines.map((line) => element('p', { className: 'hint' }, line)),
    );
  }

  #show(): void {
    const patient = this.#content.patients[Number(location.hash.slice(1)) - 1];
    const { choose, back, print } = this.#words;
    this.root.dataset.shown = patient === undefined ? 'list' : 'file';
    this.#mark();
    this.printed.replaceChildren(patient === undefined ? '' : printedName(patient, this.#content.language));
    if (patient === undefined) {
      this.#file.replaceChildren(element('p', { className: 'hint' }, choose));
      return;
    }
    const toList = element('a', { href: '#', className: 'back' }, back);
    const { family, birthFamily, given, about, alerts, sections } = patient;
    const born = birthFamily === '' ? null : element('span', { className: 'hint' }, ` (${birthFamily})`);
    this.#file.replaceChildren(
      element(
        'p',
        { className: 'file-acts' },
        toList,
        button(print, () => globalThis.print()),
      ),
      element('h2', { className: 'who' }, element('bdi', {}, `${family.toLocaleUpperCase()} ${given}`), born),
      element('p', { className: 'about' }, about),
      element(
        'ul',
        { className: 'alerts' },
        ...alerts.map((line) => element('li', { className: line.tone }, ...words(line))),
      ),
      ...sections.map(({ title, lines }) =>
        element(
          'section',
          {},
          element('h3', {}, title),
          element('ul', {}, ...lines.map((line) => element('li', { className: line.tone }, ...words(line)))),
        ),
      ),
    );
    this.#file.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  #mark(): void {
    for (const link of this.#list.querySelectorAll('a')) link.ariaCurrent = link.hash === location.hash ? 'true' : null;
  }
}

function words({ label, detail }: RescueLine): HTMLElement[] {
  const own = element('b', { dir: 'auto' }, label);
  return detail === '' ? [own] : [own, element('span', { className: 'detail', dir: 'auto' }, detail)];
}

function printedName(patient: RescuePatient, language: RescueContent['language']): HTMLElement {
  return element('bdi', {}, [nameOf(patient), dateText(patient.birthDate, language)].filter(Boolean).join(', '));
}

function nameOf({ family, given }: RescuePatient): string {
  return `${family.toLocaleUpperCase()} ${given}`.trim();
}
