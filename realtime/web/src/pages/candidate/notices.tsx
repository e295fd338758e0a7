import { useEffect } from "react";
import { useWords } from "../../i18n";
import { dismiss, useInterview, type Notice } from "../../session/store";
import { Button } from "../../ui/button";

const SHOW_MS = 9_000;

/** Short words about what has just happened; a person's message stays until it is dismissed. */
export function Notices() {
  const say = useWords();
  const notices = useInterview((state) => state.notices);
  return (
    <section className="notices" role="log" aria-live="polite" aria-label={say("notice.region")}>
      {notices.map((notice) => (
        <Note key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function Note({ notice }: { notice: Notice }) {
  const say = useWords();
  const stays = notice.tone === "message" || notice.key === "notice.receiptDiffers";
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(() => dismiss(notice.id), SHOW_MS);
    return () => clearTimeout(timer);
  }, [notice.id, stays]);
  return (
    <div className="notice" data-tone={notice.tone}>
      <div>
        <p>{say(notice.key, notice.words)}</p>
        {notice.quote !== undefined && <p className="quote">{notice.quote}</p>}
      </div>
      <Button look="quiet" aria-label={say("notice.dismiss")} onClick={() => dismiss(notice.id)}>
        ×
      </Button>
    </div>
  );
}
