import { Component, type ReactNode } from "react";
import { useWords } from "../i18n";
import { Button } from "../ui/button";
import { Shell } from "../ui/shell";

/** Catches a fault in any page: says so in plain words, and that nothing typed is lost. */
export class Broken extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <Sorry /> : this.props.children;
  }
}

function Sorry() {
  const say = useWords();
  return (
    <Shell>
      <div className="stack">
        <h1>{say("app.crashed")}</h1>
        <p>{say("app.crashedHow")}</p>
        <div>
          <Button look="primary" onClick={() => location.reload()}>
            {say("app.reload")}
          </Button>
        </div>
      </div>
    </Shell>
  );
}
