import { useId, type ReactNode } from "react";
import { useServerWords } from "../../../i18n/server-words";

interface FieldProps {
  label: string;
  hint?: string;
  /** What the server says is wrong with it. */
  fault?: string | undefined;
  children: (control: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ReactNode;
}

/** A control with its name, a hint, and what is wrong with it. */
export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId();
  const inWords = useServerWords();
  return (
    <div className="field" data-faulty={fault !== undefined || undefined}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": `${id}-hint ${id}-fault`, "aria-invalid": fault !== undefined })}
      {hint !== undefined && (
        <span id={`${id}-hint`} className="soft small">
          {hint}
        </span>
      )}
      <span id={`${id}-fault`} className="fault small">
        {fault === undefined ? "" : inWords(fault)}
      </span>
    </div>
  );
}

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  hint?: string;
  fault?: string | undefined;
  rows?: number;
  mono?: boolean;
}

export function TextField({ label, value, onChange, hint, fault, rows = 1, mono = false }: TextFieldProps) {
  const look = `input${mono ? " mono" : ""}`;
  return (
    <Field label={label} fault={fault} {...(hint === undefined ? {} : { hint })}>
      {(control) =>
        rows === 1 ? (
          <input
            {...control}
            className={look}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <textarea
            {...control}
            className={look}
            rows={rows}
            spellCheck={!mono}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

interface NumberFieldProps {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  fault?: string | undefined;
}

export function NumberField({ label, value, onChange, fault }: NumberFieldProps) {
  return (
    <Field label={label} fault={fault}>
      {(control) => (
        <input
          {...control}
          className="input"
          type="number"
          value={value ?? ""}
          onChange={(event) => onChange(event.target.value === "" ? null : event.target.valueAsNumber)}
        />
      )}
    </Field>
  );
}

interface SelectFieldProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

export function SelectField<T extends string>({ label, value, options, onChange }: SelectFieldProps<T>) {
  return (
    <Field label={label}>
      {(control) => (
        <select
          {...control}
          className="input"
          value={value}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {options.map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
