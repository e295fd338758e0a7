import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Refused } from "../../api/errors";
import { useWords } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";
import { useServerWords } from "../../i18n/server-words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { FieldOf, type Field, type Values } from "./action-fields";
import { each, type Outcome } from "./each";

export interface Target {
  id: string;
  name: string;
}

/** More names than this are a wall that nobody reads. */
const NAMED = 8;

interface ActionDialogProps {
  title: string;
  how: string;
  fields: readonly Field[];
  /** What it is done to, one after the other; each succeeds or fails by itself. */
  targets: readonly Target[];
  run: (id: string, values: Values) => Promise<unknown>;
  /** The sessions that are different afterwards; the targets where nothing else is said. */
  changes?: readonly string[];
  onClose: () => void;
  danger?: boolean;
  points?: number;
}

/** Asks once more before something is done, and for what has to be said; tells what became of each. */
export function ActionDialog(props: ActionDialogProps) {
  const { title, how, fields, targets, run, onClose, danger = false, points = 0 } = props;
  const words = useWords();
  const client = useQueryClient();
  const [values, setValues] = useState<Values>({
    seconds: 120,
    reason: "",
    text: "",
    points,
    recommendation: "hire",
  });
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const left = targets.filter(({ id }) => outcomes.get(id)?.done !== true);
  const act = useMutation({
    networkMode: "always",
    mutationFn: () => each(left, (target) => run(target.id, values)),
    onSuccess: async (found) => {
      setOutcomes(new Map([...outcomes, ...found]));
      const ids = props.changes ?? [...found.keys()];
      const isAllDone = [...found.values()].every((outcome) => outcome.done);
      if (isAllDone && targets.length === 1) onClose();
      await Promise.all(ids.map((id) => client.invalidateQueries({ queryKey: ["recruiter-session", id] })));
    },
  });
  const isThrough = outcomes.size > 0 && left.length === 0;
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{how}</p>
      {targets.length > 1 && !isThrough && <Names targets={targets} />}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          act.mutate();
        }}
      >
        {!isThrough &&
          fields.map((field) => (
            <FieldOf
              key={field}
              field={field}
              values={values}
              points={points}
              onChange={(changed) => setValues({ ...values, ...changed })}
            />
          ))}
        <Outcomes targets={targets} outcomes={outcomes} />
        <div className="actions">
          <Button onClick={onClose}>{words(isThrough ? "app.close" : "app.cancel")}</Button>
          {!isThrough && (
            <Button type="submit" look={danger ? "danger" : "primary"} disabled={act.isPending}>
              {title}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** Whom it is about, so that a wrong tick is seen before it is too late. */
function Names({ targets }: { targets: readonly Target[] }) {
  const say = useRecruiterWords();
  const rest = targets.length - NAMED;
  return (
    <p className="soft small">
      {targets
        .slice(0, NAMED)
        .map(({ name }) => name)
        .join(", ")}
      {rest > 0 && ` ${say("bulk.others", { count: rest })}`}
    </p>
  );
}

interface OutcomesProps {
  targets: readonly Target[];
  outcomes: ReadonlyMap<string, Outcome>;
}

function Outcomes({ targets, outcomes }: OutcomesProps) {
  const say = useRecruiterWords();
  const inWords = useServerWords();
  const failed = targets.flatMap((target) => {
    const outcome = outcomes.get(target.id);
    return outcome === undefined || outcome.done ? [] : [{ target, error: outcome.error }];
  });
  const why = (error: unknown): string =>
    error instanceof Refused ? say("act.failed", { reason: inWords(error.message) }) : say("act.unreachable");
  if (targets.length === 1) {
    return failed.map(({ target, error }) => (
      <p key={target.id} className="banner bad" role="alert">
        {why(error)}
      </p>
    ));
  }
  if (outcomes.size === 0) return null;
  const done = outcomes.size - failed.length;
  return (
    <div className={`banner ${failed.length > 0 ? "warn" : "good"}`} role="status">
      <p>{say("bulk.done", { count: done })}</p>
      {failed.length > 0 && <p>{say("bulk.failed", { count: failed.length })}</p>}
      <ul className="outcomes">
        {failed.map(({ target, error }) => (
          <li key={target.id}>
            <strong>{target.name}</strong> {why(error)}
          </li>
        ))}
      </ul>
    </div>
  );
}
