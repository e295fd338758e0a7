import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Refused } from "../../api/errors";
import type { Recommendation } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";

export type Field = "seconds" | "reason" | "text" | "points" | "recommendation";

export interface Values {
  seconds: number;
  reason: string;
  text: string;
  points: number;
  recommendation: Recommendation;
}

interface ActionDialogProps {
  title: string;
  how: string;
  fields: readonly Field[];
  run: (values: Values) => Promise<unknown>;
  /** The session that is different afterwards. */
  changes: string;
  onClose: () => void;
  danger?: boolean;
  points?: number;
}

const RECOMMENDATIONS: readonly Recommendation[] = ["strong_hire", "hire", "maybe", "no_hire"];

/** Asks once more before something is done to a session, and for what has to be said about it. */
export function ActionDialog({
  title,
  how,
  fields,
  run,
  changes,
  onClose,
  danger = false,
  points = 0,
}: ActionDialogProps) {
  const say = useRecruiterWords();
  const words = useWords();
  const client = useQueryClient();
  const [values, setValues] = useState<Values>({
    seconds: 120,
    reason: "",
    text: "",
    points,
    recommendation: "hire",
  });
  const act = useMutation({
    networkMode: "always",
    mutationFn: () => run(values),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: ["recruiter-session", changes] });
    },
  });
  const change = (changed: Partial<Values>): void => setValues({ ...values, ...changed });
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{how}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate();
        }}
      >
        {fields.map((field) => (
          <FieldOf key={field} field={field} values={values} points={points} onChange={change} />
        ))}
        {act.isError && (
          <p className="banner bad" role="alert">
            {act.error instanceof Refused
              ? say("act.failed", { reason: act.error.message })
              : say("act.unreachable")}
          </p>
        )}
        <div className="actions">
          <Button onClick={onClose}>{words("app.cancel")}</Button>
          <Button type="submit" look={danger ? "danger" : "primary"} disabled={act.isPending}>
            {title}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FieldProps {
  field: Field;
  values: Values;
  points: number;
  onChange: (changed: Partial<Values>) => void;
}

function FieldOf({ field, values, points, onChange }: FieldProps) {
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
