import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Refused } from "../../api/errors";
import { recruiterApi } from "../../api/recruiter";
import type { InterviewCreated, TextFault } from "../../generated/contracts";
import { useAuthoringWords } from "../../i18n/authoring";
import { useServerWords } from "../../i18n/server-words";
import { Button } from "../../ui/button";

class FaultyFile extends Error {
  constructor(readonly faults: readonly TextFault[]) {
    super("the file is no interview");
  }
}

/** Loads an interview from a YAML or JSON file; the server names every fault of it with its line. */
export function LoadInterview() {
  const say = useAuthoringWords();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const load = useMutation({
    networkMode: "always",
    mutationFn: async (file: File) => ({ created: await create(file), title: file.name }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["recruiter-interviews"] }),
  });
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".yaml,.yml,.json"
        className="unseen"
        aria-label={say("interviews.load")}
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) load.mutate(file);
          event.target.value = "";
        }}
      />
      <Button disabled={load.isPending} onClick={() => input.current?.click()}>
        {say("interviews.load")}
      </Button>
      {load.data && (
        <p className="banner good full" role="status">
          {say("interviews.loaded", { title: load.data.title })}
        </p>
      )}
      {load.isError && <Faults error={load.error} />}
    </>
  );
}

async function create(file: File): Promise<InterviewCreated> {
  const { interview, faults } = await recruiterApi.check(await file.text(), file.name);
  if (interview === null) throw new FaultyFile(faults);
  return recruiterApi.create(interview);
}

function Faults({ error }: { error: Error }) {
  const say = useAuthoringWords();
  const inWords = useServerWords();
  return (
    <div className="banner bad full" role="alert">
      <p>{say("interviews.badFile")}</p>
      {error instanceof Refused && <p>{error.message}</p>}
      {error instanceof FaultyFile && (
        <ul className="plain-list">
          {error.faults.map((fault) => (
            <li key={`${fault.line} ${fault.path} ${fault.message}`}>
              {fault.line !== null && `${say("interviews.line", { line: fault.line })}: `}
              <span className="mono">{fault.path}</span> {inWords(fault.message)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
