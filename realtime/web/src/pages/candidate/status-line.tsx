import { useWords } from "../../i18n";
import { useInterview } from "../../session/store";
import { useEngine } from "./candidate";

/** Whether we are connected and whether what is typed is saved, in words. */
export function StatusLine() {
  const say = useWords();
  const { canKeep } = useEngine();
  const connection = useInterview((state) => state.connection);
  const save = useInterview((state) => state.save);
  const asking = useInterview((state) => state.progress?.waiting === false && state.progress.paused === null);
  return (
    <footer className="status-line" data-connection={connection}>
      <span role="status" className="connection">
        <span className="dot" aria-hidden="true" />
        {say(`connection.${connection}`)}
      </span>
      {asking && (
        <span className="saved" data-save={save}>
          {say(save === "kept" && !canKeep ? "save.unkept" : `save.${save}`)}
        </span>
      )}
    </footer>
  );
}
