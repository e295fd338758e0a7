import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { knownIdentity, signIn, useIdentity, type Identity, type Role } from "../../api/identity";
import { demoUsers, signInAsDemoUser } from "../../api/sign-in";
import { navigate } from "../../app/router";
import type { DemoUser } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { Button } from "../../ui/button";
import { Shell } from "../../ui/shell";
import "./sign-in.css";

export const HOME: Readonly<Record<Role, string>> = { candidate: "/interview", recruiter: "/recruiter" };

export function SignIn() {
  const say = useWords();
  const { lapsed } = useIdentity();
  const users = useQuery({ queryKey: ["demo-users"], queryFn: demoUsers, staleTime: 60_000 });
  useEffect(() => {
    document.title = `${say("signIn.title")} · ${say("app.name")}`;
  });
  return (
    <Shell settled={!users.isPending}>
      <div className="stack loose sign-in">
        <div className="stack tight">
          <h1>{say("signIn.title")}</h1>
          <p className="soft">{say("signIn.lead")}</p>
        </div>
        {lapsed && (
          <p className="banner warn" role="alert">
            {say("signIn.lapsed")}
          </p>
        )}
        <AlreadyIn />
        {users.isPending && <p className="soft">{say("app.loading")}</p>}
        {users.isError && <Unreachable onRetry={() => void users.refetch()} />}
        {users.data && <DemoUsers users={users.data} />}
        {users.data === null && <ByLink />}
      </div>
    </Shell>
  );
}

function AlreadyIn() {
  const say = useWords();
  const known = knownIdentity();
  if (!known) return null;
  const goOn = (): void => {
    signIn(known);
    navigate(HOME[known.user.role]);
  };
  return (
    <div className="banner">
      <p>
        {say("signIn.goOn")} <span className="soft">{known.user.email}</span>
      </p>
      <Button look="plain" className="push" onClick={goOn}>
        {say("signIn.continue")}
      </Button>
    </div>
  );
}

function DemoUsers({ users }: { users: DemoUser[] }) {
  const say = useWords();
  const enter = useMutation({ mutationFn: signInAsDemoUser, onSuccess: enterAs, networkMode: "always" });
  return (
    <section className="stack">
      <p>{say("signIn.demo")}</p>
      {(["candidate", "recruiter"] as const).map((role) => (
        <div key={role} className="stack tight" role="group" aria-labelledby={`who-${role}`}>
          <h2 id={`who-${role}`}>{say(role === "candidate" ? "signIn.candidates" : "signIn.recruiters")}</h2>
          <div className="people">
            {users
              .filter((user) => user.role === role)
              .map((user) => (
                <Button key={user.email} disabled={enter.isPending} onClick={() => enter.mutate(user.email)}>
                  {user.name}
                </Button>
              ))}
          </div>
        </div>
      ))}
      {enter.isError && (
        <p className="banner bad" role="alert">
          {say("signIn.unreachable")}
        </p>
      )}
    </section>
  );
}

/** Sign in and go home. */
export function enterAs(identity: Identity): void {
  signIn(identity);
  navigate(HOME[identity.user.role]);
}

function ByLink() {
  const say = useWords();
  return (
    <section className="card stack">
      <p>{say("signIn.invitation")}</p>
      <p>{say("signIn.noLink")}</p>
      <p className="soft">{say("signIn.staff")}</p>
    </section>
  );
}

function Unreachable({ onRetry }: { onRetry: () => void }) {
  const say = useWords();
  return (
    <div className="banner warn" role="alert">
      <p>{say("signIn.unreachable")}</p>
      <Button onClick={onRetry}>{say("app.tryAgain")}</Button>
    </div>
  );
}
