import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { reasonOf, Refused } from "../../api/errors";
import { recruiterApi } from "../../api/recruiter";
import type { ChangeInvitation, Invitation } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { useAuthoringWords } from "../../i18n/authoring";
import { useServerWords } from "../../i18n/server-words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, NumberField } from "./authoring/field";
import "./authoring/authoring.css";

interface ChangeProps {
  interviewId: string;
  invitation: Invitation;
  onClose: () => void;
}

/** Other attempts, extra time or expiry for one person; a session that runs goes on as it is. */
export function Change({ interviewId, invitation, onClose }: ChangeProps) {
  const say = useAuthoringWords();
  const words = useWords();
  const inWords = useServerWords();
  const client = useQueryClient();
  const [attempts, setAttempts] = useState<number | null>(invitation.max_attempts);
  const [extra, setExtra] = useState<number | null>(invitation.extra_time_percent);
  const [day, setDay] = useState(dayOf(invitation.expires_at));
  const change = useMutation({
    networkMode: "always",
    mutationFn: () => recruiterApi.change(interviewId, invitation, changes()),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: ["invitations", interviewId] });
    },
  });
  return (
    <Dialog title={say("invite.changeTitle", { name: invitation.name })} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <div className="two">
          <NumberField label={say("invite.attempts")} value={attempts} onChange={setAttempts} />
          <NumberField label={say("invite.extra")} value={extra} onChange={setExtra} />
        </div>
        <Field label={say("invite.expires")}>
          {(control) => (
            <input
              {...control}
              className="input"
              type="date"
              required
              value={day}
              onChange={(event) => setDay(event.target.value)}
            />
          )}
        </Field>
        {change.error && (
          <p className="banner bad" role="alert">
            {change.error instanceof Refused
              ? say("edit.failed", { reason: inWords(reasonOf(change.error)) })
              : say("edit.unreachable")}
          </p>
        )}
        <div className="actions">
          <Button onClick={onClose}>{words("app.cancel")}</Button>
          <Button type="submit" look="primary" disabled={change.isPending}>
            {say("invite.change")}
          </Button>
        </div>
      </form>
    </Dialog>
  );

  /** Only what was changed: a day says less than the moment that is stored. */
  function changes(): ChangeInvitation {
    return {
      ...(attempts !== null && attempts !== invitation.max_attempts ? { max_attempts: attempts } : {}),
      ...(extra !== null && extra !== invitation.extra_time_percent ? { extra_time_percent: extra } : {}),
      ...(day === dayOf(invitation.expires_at) ? {} : { expires_at: endOf(day) }),
    };
  }
}

/** The local day of a moment, as a date field has it. */
function dayOf(time: string): string {
  const moment = new Date(time);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** The last moment of a local day. */
function endOf(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}
