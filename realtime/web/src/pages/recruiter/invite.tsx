import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { recruiterApi } from "../../api/recruiter";
import { Refused } from "../../api/errors";
import type { InterviewListed, InvitationLink, Invite } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { useAuthoringWords } from "../../i18n/authoring";
import { useServerWords } from "../../i18n/server-words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";

interface InviteDialogProps {
  interview: InterviewListed;
  onClose: () => void;
}

const BLANK: Invite = { email: "", name: "", max_attempts: 1, extra_time_percent: 0 };

/** Invite one person; the link is shown once, to be copied. */
export function InviteDialog({ interview, onClose }: InviteDialogProps) {
  const say = useAuthoringWords();
  const client = useQueryClient();
  const [made, setMade] = useState<InvitationLink | null>(null);
  const create = useMutation({
    networkMode: "always",
    mutationFn: (invite: Invite) => recruiterApi.invite(interview.id, invite),
    onSuccess: async (link) => {
      setMade(link);
      await client.invalidateQueries({ queryKey: ["invitations", interview.id] });
    },
  });
  return (
    <Dialog title={say(made ? "invite.made" : "invite.title", { title: interview.title })} onClose={onClose}>
      {made ? (
        <Made link={made} onAnother={() => setMade(null)} onClose={onClose} />
      ) : (
        <InviteForm busy={create.isPending} error={create.error} onSend={create.mutate} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface InviteFormProps {
  busy: boolean;
  error: Error | null;
  onSend: (invite: Invite) => void;
  onClose: () => void;
}

function InviteForm({ busy, error, onSend, onClose }: InviteFormProps) {
  const say = useAuthoringWords();
  const words = useWords();
  const inWords = useServerWords();
  const [invite, setInvite] = useState(BLANK);
  const change = (changes: Partial<Invite>): void => setInvite({ ...invite, ...changes });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(invite);
      }}
    >
      <label className="field">
        <span>{say("invite.email")}</span>
        <input
          className="input"
          type="email"
          required
          value={invite.email}
          onChange={(event) => change({ email: event.target.value })}
        />
      </label>
      <label className="field">
        <span>{say("invite.name")}</span>
        <input
          className="input"
          required
          maxLength={200}
          value={invite.name}
          onChange={(event) => change({ name: event.target.value })}
        />
      </label>
      <div className="two">
        <label className="field">
          <span>{say("invite.attempts")}</span>
          <input
            className="input"
            type="number"
            min={1}
            max={100}
            required
            value={invite.max_attempts}
            onChange={(event) => change({ max_attempts: event.target.valueAsNumber })}
          />
        </label>
        <label className="field">
          <span>{say("invite.extra")}</span>
          <input
            className="input"
            type="number"
            min={0}
            max={400}
            required
            value={invite.extra_time_percent}
            onChange={(event) => change({ extra_time_percent: event.target.valueAsNumber })}
          />
        </label>
      </div>
      {error && (
        <p className="banner bad" role="alert">
          {error instanceof Refused
            ? say("edit.failed", { reason: inWords(error.message) })
            : say("edit.unreachable")}
        </p>
      )}
      <div className="actions">
        <Button onClick={onClose}>{words("app.cancel")}</Button>
        <Button type="submit" look="primary" disabled={busy}>
          {say("invite.create")}
        </Button>
      </div>
    </form>
  );
}

interface MadeProps {
  link: InvitationLink;
  onAnother: () => void;
  onClose: () => void;
}

function Made({ link, onAnother, onClose }: MadeProps) {
  const say = useAuthoringWords();
  const words = useWords();
  return (
    <div className="stack">
      <p>{say("invite.madeHow")}</p>
      <LinkToCopy url={link.url} />
      <div className="actions">
        <Button onClick={onAnother}>{say("invite.another")}</Button>
        <Button look="primary" onClick={onClose}>
          {words("app.close")}
        </Button>
      </div>
    </div>
  );
}

/** A link in a field of its own, so that it can be copied where the clipboard is out of reach. */
export function LinkToCopy({ url }: { url: string }) {
  const say = useAuthoringWords();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    // The clipboard exists only in secure contexts; elsewhere the field is there to be copied by hand.
    if (!isSecureContext) return;
    void navigator.clipboard.writeText(url).then(() => setCopied(true));
  };
  return (
    <div className="row">
      <label className="field grow">
        <span>{say("invite.link")}</span>
        <input className="input mono" readOnly value={url} onFocus={(event) => event.target.select()} />
      </label>
      <Button onClick={copy}>{say(copied ? "invite.copied" : "invite.copy")}</Button>
    </div>
  );
}
