import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Refused } from "../../../api/errors";
import { recruiterApi } from "../../../api/recruiter";
import { navigate } from "../../../app/router";
import type { Interview, InterviewCreated, InterviewRead } from "../../../generated/contracts";
import { useAuthoringWords } from "../../../i18n/authoring";
import { useServerWords } from "../../../i18n/server-words";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { toInterview, type DraftInterview } from "./draft";

export const NEW = "new";

/** The address of the editor for an interview, or for a new one. */
const editorOf = (id: string): string => `/recruiter?view=edit&id=${id}`;

interface SaveProps {
  id: string;
  version: number;
  draft: DraftInterview;
  changed: boolean;
  onSaved: (version: number) => void;
  /** What is stored shall be shown, whatever was written here. */
  onTheirs: (read: InterviewRead) => void;
}

/** Saves; where somebody else was faster, nothing is lost and the person decides. */
export function Save({ id, version, draft, changed, onSaved, onTheirs }: SaveProps) {
  const say = useAuthoringWords();
  const inWords = useServerWords();
  const client = useQueryClient();
  const save = useMutation({
    networkMode: "always",
    mutationFn: ({ over }: { over: number | null }): Promise<InterviewCreated> =>
      over === null
        ? recruiterApi.create(toInterview(draft))
        : recruiterApi.replace(id, over, toInterview(draft)),
    onSuccess: async (made) => {
      const interview = toInterview(draft) as Interview;
      client.setQueryData<InterviewRead>(["interview", made.id], { ...made, interview });
      onSaved(made.version);
      if (made.id !== id) navigate(editorOf(made.id), { replace: true });
      await client.invalidateQueries({ queryKey: ["recruiter-interviews"] });
    },
  });
  const theirs = useMutation({
    networkMode: "always",
    mutationFn: () => recruiterApi.interview(id),
    onSuccess: (read) => {
      client.setQueryData<InterviewRead>(["interview", id], read);
      save.reset();
      onTheirs(read);
    },
  });
  const error = theirs.error ?? save.error;
  const stale = error instanceof Refused && error.code === "stale_version";
  const latest = stale ? Number(error.fact("version")) : version;
  const close = (): void => save.reset();
  return (
    <>
      <Button
        look="primary"
        disabled={save.isPending || !changed}
        onClick={() => save.mutate({ over: id === NEW ? null : version })}
      >
        {say(save.isPending ? "edit.saving" : "edit.save")}
      </Button>
      {error && !stale && (
        <p className="banner bad full" role="alert">
          {error instanceof Refused
            ? say("edit.failed", { reason: inWords(error.message) })
            : say("edit.unreachable")}
        </p>
      )}
      {stale && (
        <Dialog title={say("edit.stale")} onClose={close}>
          <p>{say("edit.staleHow", { version: latest })}</p>
          <div className="actions">
            <Button disabled={theirs.isPending} onClick={() => theirs.mutate()}>
              {say("edit.staleTheirs")}
            </Button>
            <Button onClick={() => save.mutate({ over: null })}>{say("edit.staleCopy")}</Button>
            <Button look="danger" onClick={() => save.mutate({ over: latest })}>
              {say("edit.staleOver")}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
