import type { Recommendation } from "../../generated/contracts";
import { useRecruiterWords } from "../../i18n/recruiter";

export type Field = "seconds" | "reason" | "text" | "points" | "recommendation";

export interface Values {
  seconds: number;
  reason: string;
  text: string;
  points: number;
  recommendation: Recommendation;
}

const RECOMMENDATIONS: readonly Recommendation[] = ["strong_hire", "hire", "maybe", "no_hire"];

interface FieldProps {
  field: Field;
  values: Values;
  points: number;
  onChange: (changed: Partial<Values>) => void;
}

/** One thing that has to be said about an act. */
export function FieldOf({ field, values, points, onChange }: FieldProps) {
  const say = useRecruiterWords();
  switch (field) {
    case "seconds":
      return (
        <NumberField
          label={say("act.seconds")}
          value={values.seconds}
          min={1}
          max={7200}
          step={1}
          onChange={(seconds) => onChange({ seconds })}
        />
      );
    case "points":
      return (
        <NumberField
          label={say("act.points", { points })}
          value={values.points}
          min={0}
          max={points}
          step={0.01}
          onChange={(given) => onChange({ points: given })}
        />
      );
    case "text":
      return (
        <label className="field">
          <span>{say("act.text")}</span>
          <textarea
            className="input"
            required
            maxLength={2000}
            value={values.text}
            onChange={(event) => onChange({ text: event.target.value })}
          />
        </label>
      );
    case "reason":
      return (
        <label className="field">
          <span>{say("act.reason")}</span>
          <input
            className="input"
            required
            maxLength={500}
            value={values.reason}
            onChange={(event) => onChange({ reason: event.target.value })}
          />
          <span className="soft small">{say("act.reasonHow")}</span>
        </label>
      );
    case "recommendation":
      return (
        <label className="field">
          <span>{say("detail.recommendation")}</span>
          <select
            className="input"
            value={values.recommendation}
            onChange={(event) => onChange({ recommendation: event.target.value as Recommendation })}
          >
            {RECOMMENDATIONS.map((one) => (
              <option key={one} value={one}>
                {say(`recommendation.${one}`)}
              </option>
            ))}
          </select>
        </label>
      );
  }
}

interface NumberFieldProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
}

function NumberField({ label, value, onChange, ...limits }: NumberFieldProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        className="input"
        type="number"
        required
        {...limits}
        value={Number.isNaN(value) ? "" : value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </label>
  );
}
