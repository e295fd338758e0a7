import { useEffect, useState } from "react";
import { recruiterApi } from "../../../api/recruiter";
import type { TextFault } from "../../../generated/contracts";
import { toInterview, type DraftInterview } from "./draft";

const AFTER_MS = 400;

export interface Checked {
  faults: readonly TextFault[];
  /** The faults are of what stands there now. */
  current: boolean;
}

/** What the server says of the draft, a moment after the last keystroke. */
export function useCheck(draft: DraftInterview | null): Checked {
  const [checked, setChecked] = useState<{ of: DraftInterview; faults: readonly TextFault[] } | null>(null);
  useEffect(() => {
    if (draft === null) return;
    let gone = false;
    const timer = setTimeout(() => {
      recruiterApi.check(JSON.stringify(toInterview(draft)), "draft.json").then(
        ({ faults }) => {
          if (!gone) setChecked({ of: draft, faults });
        },
        () => undefined, // saving says so in words; until then the last word stands
      );
    }, AFTER_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [draft]);
  return { faults: checked?.faults ?? [], current: checked !== null && checked.of === draft };
}
