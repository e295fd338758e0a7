import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Refused } from "../../api/errors";
import { recruiterApi } from "../../api/recruiter";
import type { Interview, InterviewCreated } from "../../generated/contracts";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";

class NotJson extends Error {}

/** Loads an interview from a JSON file; the server names every fault of it. */
export function LoadInterview() {
  const say = useRecruiterWords();
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
        accept="application/json,.json"
        className="unseen"
        aria-label={say("interviews.load")}
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) load.mutate(file);
          event.target.value = "";
        }}
      />
      <Button className="push" disabled={load.isPending} onClick={() => input.current?.click()}>
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
  const text = await file.text();
  let interview: Interview;
  try {
    interview = JSON.parse(text) as Interview;
  } catch (error) {
    throw new NotJson(error instanceof Error ? error.message : "");
  }
  return recruiterApi.create(interview);
}

interface Fault {
  path: string;
  message: string;
}

function Faults({ error }: { error: Error }) {
  const say = useRecruiterWords();
  return (
    <div className="banner bad full" role="alert">
      <p>{say("interviews.badFile")}</p>
      {error instanceof NotJson && <p>{say("interviews.notJson", { reason: error.message })}</p>}
      {error instanceof Refused && (
        <ul className="plain-list">
          {faults(error).map((fault) => (
            <li key={`${fault.path} ${fault.message}`}>
              <span className="mono">{fault.path}</span> {fault.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function faults(error: Refused): Fault[] {
  const errors = error.fact("errors");
  return Array.isArray(errors) ? (errors as Fault[]) : [{ path: "", message: error.message }];
}
