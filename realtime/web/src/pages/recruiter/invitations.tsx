import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { recruiterApi } from "../../api/recruiter";
import { Refused } from "../../api/errors";
import type { Invitation } from "../../generated/contracts";
import { useLanguage, useWords } from "../../i18n";
import { useAuthoringWords } from "../../i18n/authoring";
import { useServerWords } from "../../i18n/server-words";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { TextField } from "./authoring/field";
import { Change } from "./change-invitation";
import { LinkToCopy } from "./invite";

const SEARCH_FROM = 8; // fewer are seen at a glance

/** Everybody who is invited to an interview. */
export function Invitations({ interviewId }: { interviewId: string }) {
  const say = useAuthoringWords();
  const [search, setSearch] = useState("");
  const list = useQuery({
    queryKey: ["invitations", interviewId],
    queryFn: () => recruiterApi.invitations(interviewId),
  });
  if (!list.data) return <p className="soft">{say(list.isError ? "edit.unreachable" : "edit.loading")}</p>;
  const everybody = list.data.invitations;
  if (everybody.length === 0) return <p className="soft">{say("invite.none")}</p>;
  const sought = search.trim().toLowerCase();
  const found = everybody.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(sought));
  return (
    <div className="stack">
      {everybody.length > SEARCH_FROM && (
        <TextField label={say("invite.search")} value={search} onChange={setSearch} />
      )}
      <ul className="invitations">
        {found.map((invitation) => (
          <Line key={invitation.id} interviewId={interviewId} invitation={invitation} />
        ))}
      </ul>
    </div>
  );
}

interface LineProps {
  interviewId: string;
  invitation: Invitation;
}

function Line({ interviewId, invitation }: LineProps) {
  const say = useAuthoringWords();
  const { language } = useLanguage();
  const inWords = useServerWords();
  const [revoking, setRevoking] = useState(false);
  const [changing, setChanging] = useState(false);
  const link = useMutation({
    networkMode: "always",
    mutationFn: () => recruiterApi.newLink(interviewId, invitation),
  });
  const until = new Date(invitation.expires_at).toLocaleDateString(language, { dateStyle: "medium" });
  const revoked = invitation.revoked_at !== null;
  return (
    <li className="stack tight">
      <div className="row">
        <div>
          <strong>{invitation.name}</strong> <span className="soft small">{invitation.email}</span>
          <p className="facts soft small">
            <span>
              {say("invite.used", { used: invitation.attempts_used, max: invitation.max_attempts })}
            </span>
            {invitation.extra_time_percent > 0 && (
              <span>{say("invite.extraTime", { percent: invitation.extra_time_percent })}</span>
            )}
            <span>{revoked ? say("invite.revoked") : say("invite.until", { time: until })}</span>
          </p>
        </div>
        {!revoked && (
          <div className="row push">
            <Button look="quiet" disabled={link.isPending} onClick={() => link.mutate()}>
              {say("invite.newLink")}
            </Button>
            <Button look="quiet" onClick={() => setChanging(true)}>
              {say("invite.change")}
            </Button>
            <Button look="quiet" onClick={() => setRevoking(true)}>
              {say("invite.revoke")}
            </Button>
          </div>
        )}
      </div>
      {link.data && <LinkToCopy url={link.data.url} />}
      {link.isError && (
        <p className="banner bad" role="alert">
          {link.error instanceof Refused ? inWords(link.error.message) : say("edit.unreachable")}
        </p>
      )}
      {changing && (
        <Change interviewId={interviewId} invitation={invitation} onClose={() => setChanging(false)} />
      )}
      {revoking && (
        <Revoke interviewId={interviewId} invitation={invitation} onClose={() => setRevoking(false)} />
      )}
    </li>
  );
}

function Revoke({ interviewId, invitation, onClose }: LineProps & { onClose: () => void }) {
  const say = useAuthoringWords();
  const words = useWords();
  const client = useQueryClient();
  const revoke = useMutation({
    networkMode: "always",
    mutationFn: () => recruiterApi.revoke(interviewId, invitation),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: ["invitations", interviewId] });
    },
  });
  return (
    <Dialog title={say("invite.revoke")} onClose={onClose}>
      <p>{say("invite.revokeHow", { name: invitation.name })}</p>
      {revoke.isError && (
        <p className="banner bad" role="alert">
          {say("edit.unreachable")}
        </p>
      )}
      <div className="actions">
        <Button onClick={onClose}>{words("app.cancel")}</Button>
        <Button look="danger" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
          {say("invite.revoke")}
        </Button>
      </div>
    </Dialog>
  );
}
