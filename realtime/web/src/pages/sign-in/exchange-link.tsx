import { useEffect, useState } from "react";
import { Refused } from "../../api/errors";
import { signIn, type Identity } from "../../api/identity";
import { exchangeLink } from "../../api/sign-in";
import { navigate } from "../../app/router";
import { useWords } from "../../i18n";
import { Button } from "../../ui/button";
import { Link } from "../../ui/link";
import { Shell } from "../../ui/shell";
import { HOME } from "./sign-in";

type State = "working" | "refused" | "unreachable";

/** `/sign-in#TOKEN`: turns a link into a signed-in person, and takes the token out of the history. */
export function ExchangeLink() {
  const say = useWords();
  const [token, setToken] = useState(tokenOfAddress);
  const [tries, setTries] = useState(0);
  const [state, setState] = useState<State>(token === "" ? "refused" : "working");
  useEffect(() => {
    if (token === "") return;
    history.replaceState(null, "", "/sign-in");
    void exchangeOnce(token, tries).then(
      (identity) => {
        signIn(identity);
        navigate(HOME[identity.user.role], { replace: true });
      },
      (error: unknown) => setState(error instanceof Refused ? "refused" : "unreachable"),
    );
  }, [token, tries]);
  // Another link opened in this tab changes only what follows the #: nothing is loaded anew.
  useEffect(() => {
    const follow = (): void => {
      const next = tokenOfAddress();
      if (next === "") return;
      setToken(next);
      setState("working");
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const again = (): void => {
    setState("working");
    setTries(tries + 1);
  };
  return (
    <Shell settled={state !== "working"}>
      {state === "working" && <p role="status">{say("signIn.linkWorking")}</p>}
      {state === "refused" && (
        <div className="stack">
          <h1>{say("signIn.linkFailedTitle")}</h1>
          <p>{say("signIn.linkFailed")}</p>
          <p>
            <Link href="/">{say("signIn.toStart")}</Link>
          </p>
        </div>
      )}
      {state === "unreachable" && (
        <div className="stack" role="alert">
          <p>{say("signIn.unreachable")}</p>
          <div>
            <Button look="primary" onClick={again}>
              {say("app.tryAgain")}
            </Button>
          </div>
        </div>
      )}
    </Shell>
  );
}

function tokenOfAddress(): string {
  return decodeURIComponent(location.hash.slice(1));
}

// A link may count only once: however often the page renders, one try is one request.
const running = new Map<string, Promise<Identity>>();

function exchangeOnce(token: string, tries: number): Promise<Identity> {
  const key = `${tries}/${token}`;
  const known = running.get(key);
  if (known) return known;
  const started = exchangeLink(token);
  running.set(key, started);
  return started;
}
