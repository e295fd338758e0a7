import { PersistQueryClientProvider } from "@tanstack/react-query-persist-client";
import { lazy, Suspense, useEffect } from "react";
import { useIdentity, type Role } from "../api/identity";
import { useWords } from "../i18n";
import { ExchangeLink } from "../pages/sign-in/exchange-link";
import { SignIn } from "../pages/sign-in/sign-in";
import { Link } from "../ui/link";
import { Shell } from "../ui/shell";
import { Broken } from "./broken";
import { forget, persistFor, queryClient } from "./queries";
import { useAddress } from "./router";

const Candidate = lazy(() => import("../pages/candidate/candidate"));
const Recruiter = lazy(() => import("../pages/recruiter/recruiter"));

export function App() {
  const { identity } = useIdentity();
  const person = identity?.user.id ?? "nobody";
  useEffect(() => () => forget(person), [person]);
  return (
    <Broken>
      <PersistQueryClientProvider key={person} client={queryClient} persistOptions={persistFor(person)}>
        <Suspense fallback={<Loading />}>
          <Route />
        </Suspense>
      </PersistQueryClientProvider>
    </Broken>
  );
}

function Route() {
  const { pathname } = useAddress();
  switch (pathname.replace(/\/+$/, "")) {
    case "":
      return <SignIn />;
    case "/sign-in":
      return <ExchangeLink />;
    case "/interview":
      return <For role="candidate" page={<Candidate />} />;
    case "/recruiter":
      return <For role="recruiter" page={<Recruiter />} />;
    default:
      return <Missing />;
  }
}

function For({ role, page }: { role: Role; page: React.ReactNode }) {
  const { identity } = useIdentity();
  if (identity?.user.role === role) return page;
  return identity === null ? <SignIn /> : <WrongPerson role={role} />;
}

function WrongPerson({ role }: { role: Role }) {
  const say = useWords();
  return (
    <Shell>
      <div className="stack">
        <h1>{say("guard.title")}</h1>
        <p>{say(role === "candidate" ? "guard.candidate" : "guard.recruiter")}</p>
        <p>
          <Link href="/">{say("signIn.toStart")}</Link>
        </p>
      </div>
    </Shell>
  );
}

function Missing() {
  const say = useWords();
  return (
    <Shell>
      <div className="stack">
        <h1>{say("guard.missing")}</h1>
        <p>{say("guard.missingHow")}</p>
        <p>
          <Link href="/">{say("signIn.toStart")}</Link>
        </p>
      </div>
    </Shell>
  );
}

function Loading() {
  const say = useWords();
  return <div className="centre">{say("app.loading")}</div>;
}
