import { useWords } from "../../i18n";
import { useInterview } from "../../session/store";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Shell } from "../../ui/shell";
import { useEngine } from "./candidate";
import { Failure } from "./welcome-back";

/** Another tab or device holds the session: the person, and nobody else, may move it here. */
export function Elsewhere() {
  const say = useWords();
  const engine = useEngine();
  const busy = useInterview((state) => state.busy);
  return (
    <>
      <Shell>
        <div />
      </Shell>
      <Dialog title={say("elsewhere.title")}>
        <p>{say("elsewhere.how")}</p>
        <p>{say("elsewhere.effect")}</p>
        <Failure />
        <div className="actions">
          <Button look="primary" disabled={busy} onClick={() => engine.resume({ takeover: true })}>
            {say(busy ? "elsewhere.using" : "elsewhere.use")}
          </Button>
          <Button disabled={busy} onClick={() => void engine.boot()}>
            {say("elsewhere.again")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** This page held the session until it was moved; it does not come back by itself. */
export function Superseded({ reason }: { reason: "taken_over" | "started_over" }) {
  const say = useWords();
  const engine = useEngine();
  return (
    <Shell>
      <div className="stack" role="alert">
        <h1>{say("superseded.title")}</h1>
        <p>{say(`superseded.${reason}`)}</p>
        <div>
          <Button onClick={() => void engine.boot()}>{say("superseded.back")}</Button>
        </div>
      </div>
    </Shell>
  );
}
