import type { ReactNode } from "react";
import { useIdentity, signOut } from "../api/identity";
import { chooseLanguage, LANGUAGES, useLanguage, useWords, type Language } from "../i18n";
import { navigate } from "../app/router";
import { Button } from "./button";
import { Mark } from "./mark";

interface ShellProps {
  children: ReactNode;
  wide?: boolean;
  /** What will stand on the page is there; until then nothing is put below it that would jump. */
  settled?: boolean;
  /** Between the name and the person, where a page has a bar of its own. */
  bar?: ReactNode;
}

/** The frame of every page that is not a running question. */
export function Shell({ children, wide = false, settled = true, bar }: ShellProps) {
  const say = useWords();
  return (
    <>
      <a className="skip" href="#content">
        {say("app.skip")}
      </a>
      <header className="topbar">
        <span className="brand">
          <Mark />
          {say("app.name")}
        </span>
        {bar}
        <Person />
      </header>
      <main id="content" tabIndex={-1} className={wide ? "content wide" : "content"}>
        {children}
      </main>
      {settled && (
        <footer className="footer">
          <LanguageChoice />
        </footer>
      )}
    </>
  );
}

function Person() {
  const say = useWords();
  const { identity } = useIdentity();
  if (!identity) return null;
  const leave = (): void => {
    signOut({ lapsed: false });
    navigate("/");
  };
  return (
    <div className="row push">
      <span className="soft small wide-only">{say("app.signedInAs", { name: identity.user.email })}</span>
      <Button look="quiet" onClick={leave}>
        {say("app.signOut")}
      </Button>
    </div>
  );
}

function LanguageChoice() {
  const say = useWords();
  const { language } = useLanguage();
  return (
    <nav aria-label={say("app.language")} className="row">
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <Button
          key={code}
          look="quiet"
          lang={code}
          aria-pressed={code === language}
          onClick={() => void chooseLanguage(code as Language)}
        >
          {name}
        </Button>
      ))}
    </nav>
  );
}
