import { useWords } from "../../i18n";
import { set, useInterview } from "../../session/store";
import { Button } from "../../ui/button";
import { useEngine } from "./candidate";

/** Text of this browser that lost against a newer one of another device: offered, not thrown away. */
export function Alternative() {
  const say = useWords();
  const { runner } = useEngine();
  const alternative = useInterview((state) => state.alternative);
  if (alternative === null) return null;
  return (
    <div className="banner warn" role="status">
      <p>{say("question.alternative")}</p>
      <pre className="quoted">{alternative}</pre>
      <div className="row">
        <Button onClick={() => runner.useAlternative()}>{say("question.useAlternative")}</Button>
        <Button look="quiet" onClick={() => set({ alternative: null })}>
          {say("question.keepNewer")}
        </Button>
      </div>
    </div>
  );
}
