import type { FieldChange } from '../../file-view/history.ts';
import './history.css';

/** What differs between two versions of a record, field by field. */
export function FieldChanges({ fields }: { readonly fields: readonly FieldChange[] }) {
  return (
    <dl className="history-fields">
      {fields.map((field) => (
        <FieldRow key={field.label} field={field} />
      ))}
    </dl>
  );
}

function FieldRow({ field }: { readonly field: FieldChange }) {
  return (
    <>
      <dt>{field.label}</dt>
      <dd>
        {field.segments.map(({ text, kind }, place) => {
          const key = `${place} ${kind}`;
          if (kind === 'added') return <ins key={key}>{text}</ins>;
          return kind === 'removed' ? <del key={key}>{text}</del> : <span key={key}>{text}</span>;
        })}
      </dd>
    </>
  );
}
