import { useState } from "react";
import { useBoard } from "../../board/board";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { ActionDialog, type Target } from "./action-dialog";
import { KINDS, possible } from "./acts";
import { useNames } from "./blind";
import { tickAll, useTicked } from "./selection";

const ACTS = ["extend", "pause", "resume", "message", "release", "terminate"] as const;
type BulkAct = (typeof ACTS)[number];

interface Doing {
  act: BulkAct;
  targets: Target[];
  left: number;
}

/** What can be done to all sessions that are ticked, at the foot of the list while there are some. */
export function BulkBar() {
  const say = useRecruiterWords();
  const nameOf = useNames();
  const ids = useTicked();
  const rows = useBoard((board) => (ids.length > 0 ? board.rows : null));
  const [doing, setDoing] = useState<Doing | null>(null);
  if (rows === null) return null;
  const ticked = ids.flatMap((id) => rows[id] ?? []);
  const begin = (act: BulkAct): void => {
    // as they stand now: who is through by the time of the call is told so, each by name
    const targets = ticked.filter((row) => possible(row).includes(act));
    setDoing({
      act,
      targets: targets.map((row) => ({ id: row.id, name: nameOf(row) })),
      left: ticked.length - targets.length,
    });
  };
  return (
    <div className="bulk" role="group" aria-label={say("bulk.label")}>
      <strong>{say("bulk.count", { count: ticked.length })}</strong>
      {ACTS.filter((act) => ticked.some((row) => possible(row).includes(act))).map((act) => (
        <Button
          key={act}
          look={act === "terminate" ? "danger" : "plain"}
          className="small"
          onClick={() => begin(act)}
        >
          {say(`act.${act}`)}
        </Button>
      ))}
      <Button look="quiet" className="push" onClick={() => tickAll([])}>
        {say("bulk.clear")}
      </Button>
      {doing !== null && (
        <ActionDialog
          title={say(`bulk.${doing.act}`, { count: doing.targets.length })}
          how={[
            say(`act.${doing.act}How`),
            doing.left > 0 ? say("bulk.left", { count: doing.left }) : "",
          ].join(" ")}
          fields={KINDS[doing.act].fields}
          danger={KINDS[doing.act].danger ?? false}
          targets={doing.targets}
          run={KINDS[doing.act].run}
          onClose={() => setDoing(null)}
        />
      )}
    </div>
  );
}
