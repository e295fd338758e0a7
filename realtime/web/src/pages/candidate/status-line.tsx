import { useWords } from "../../i18n";
import { useInterview } from "../../session/store";
import { useEngine } from "./candidate";

/** Whether we are connected and whether what is typed is saved, in words. */
export function StatusLine() {
  const say = useWords();
  const { keep } = useEngine();
  const connection = useInterview((state) => state.connection);
  const save = useInterview((state) => state.save);
  const received = useInterview((state) => state.received);
  const asking = useInterview((state) => state.progress?.waiting === false && state.progress.paused === null);
  return (
    <footer className="status-line" data-connection={connection}>
      <span role="status" className="connection">
        <span className="dot" aria-hidden="true" />
        {say(`connection.${connection}`)}
      </span>
      {received && (
        <span className="received" role="status">
          {say("save.received", { number: received.number, receipt: received.sha256.slice(0, 8) })}
        </span>
      )}
      {asking && (
        <span className="saved" data-save={save}>
          {say(save === "kept" && keep.failed ? "save.unkept" : `save.${save}`)}
        </span>
      )}
    </footer>
  );
}
