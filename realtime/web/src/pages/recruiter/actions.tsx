import { useState } from "react";
import { recruiterApi } from "../../api/recruiter";
import type { SessionDetail } from "../../generated/contracts";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { ActionDialog, type Field, type Values } from "./action-dialog";

type Act = "extend" | "pause" | "resume" | "terminate" | "message" | "release" | "sign";

interface Kind {
  fields: readonly Field[];
  danger?: boolean;
  run: (id: string, values: Values) => Promise<unknown>;
}

const KINDS: Readonly<Record<Act, Kind>> = {
  extend: {
    fields: ["seconds", "reason"],
    run: (id, { seconds, reason }) => recruiterApi.extend(id, seconds, reason),
  },
  pause: { fields: ["reason"], run: (id, { reason }) => recruiterApi.pause(id, reason) },
  resume: { fields: [], run: (id) => recruiterApi.resume(id) },
  terminate: {
    fields: ["reason"],
    danger: true,
    run: (id, { reason }) => recruiterApi.terminate(id, reason),
  },
  message: { fields: ["text"], run: (id, { text }) => recruiterApi.message(id, text) },
  release: { fields: [], run: (id) => recruiterApi.release(id) },
  sign: {
    fields: ["recommendation"],
    run: (id, { recommendation }) => recruiterApi.sign(id, recommendation),
  },
};

/** What a recruiter may do to a session now; each is asked for once more, with its reason. */
export function Actions({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  const [act, setAct] = useState<Act | null>(null);
  return (
    <div className="row actions-row">
      {possible(session).map((one) => (
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
          how={say(`act.${act}How`)}
          fields={KINDS[act].fields}
          danger={KINDS[act].danger ?? false}
          run={(values) => KINDS[act].run(session.id, values)}
          changes={session.id}
          onClose={() => setAct(null)}
        />
      )}
    </div>
  );
}

function possible(session: SessionDetail): Act[] {
  if (session.status === "in_progress") {
    return ["extend", session.paused_at === null ? "pause" : "resume", "message", "terminate"];
  }
  if (session.final_score === null) return [];
  return session.released_at === null ? ["sign", "release"] : ["sign"];
}
