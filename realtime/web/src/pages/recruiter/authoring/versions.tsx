import { useMutation, useQuery } from "@tanstack/react-query";
import { recruiterApi } from "../../../api/recruiter";
import { useLanguage } from "../../../i18n";
import { useAuthoringWords } from "../../../i18n/authoring";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { fromInterview, type DraftInterview } from "./draft";

interface VersionsProps {
  id: string;
  onLoad: (draft: DraftInterview) => void;
  onClose: () => void;
}

/** What the interview was before; any of it can be brought back into the editor. */
export function Versions({ id, onLoad, onClose }: VersionsProps) {
  const say = useAuthoringWords();
  const { language } = useLanguage();
  const list = useQuery({
    queryKey: ["versions", id],
    queryFn: () => recruiterApi.versions(id),
    staleTime: 0,
  });
  const load = useMutation({
    networkMode: "always",
    mutationFn: (version: number) => recruiterApi.version(id, version),
    onSuccess: (read) => {
      onLoad(fromInterview(read.interview));
      onClose();
    },
  });
  const when = (time: string | null): string =>
    time === null ? "" : new Date(time).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <Dialog title={say("edit.versions")} onClose={onClose}>
      <p className="soft">{say("edit.versionsHow")}</p>
      {(list.isError || load.isError) && <p className="banner warn">{say("edit.unreachable")}</p>}
      <ul className="bank" tabIndex={0}>
        {list.data?.versions.map((each) => (
          <li key={each.version}>
            <div className="grow">
              <p>
                <strong>{say("edit.version", { version: each.version })}</strong> {each.title}
              </p>
              <p className="soft small">{when(each.written_at)}</p>
            </div>
            <Button disabled={load.isPending} onClick={() => load.mutate(each.version)}>
              {say("edit.load")}
            </Button>
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button look="primary" onClick={onClose}>
          {say("edit.close")}
        </Button>
      </div>
    </Dialog>
  );
}
