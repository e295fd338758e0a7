import { useState } from "react";
import type { SessionDetail } from "../../generated/contracts";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { ActionDialog } from "./action-dialog";
import { KINDS, possibleInDetail, type Act } from "./acts";

/** What a recruiter may do to a session now; each is asked for once more, with its reason. */
export function Actions({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  const [act, setAct] = useState<Act | null>(null);
  return (
    <div className="row actions-row">
      {possibleInDetail(session).map((one) => (
        <Button
          key={one}
          look={one === "terminate" ? "danger" : "plain"}
          className="small"
          onClick={() => setAct(one)}
        >
          {say(`act.${one}`)}
        </Button>
      ))}
      {act !== null && (
        <ActionDialog
          title={say(`act.${act}`)}
          how={say("act.to", { name: session.candidate_name, how: say(`act.${act}How`) })}
          fields={KINDS[act].fields}
          danger={KINDS[act].danger ?? false}
          targets={[{ id: session.id, name: session.candidate_name }]}
          run={KINDS[act].run}
          onClose={() => setAct(null)}
        />
      )}
    </div>
  );
}
