import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { recruiterApi } from "../../api/recruiter";
import type { Agreement, Grading, Recommendation, SessionDetail } from "../../generated/contracts";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { ActionDialog } from "./action-dialog";
import { compare, totals, type Difference } from "./compare";

/** A text in the shadow tells nobody that it is written: it is asked for while it is. */
const TEXT_MS = 2_000;

/** Gradings beside the one that counts: how far they are, and what they would change. */
export function Gradings({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  const others = session.gradings.filter((grading) => !grading.counts).reverse();
  if (others.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="gradings">
      <h3 id="gradings">{say("grading.title")}</h3>
      {others.map((grading) => (
        <Other key={grading.grading_version} session={session} grading={grading} />
      ))}
    </section>
  );
}

function Other({ session, grading }: { session: SessionDetail; grading: Grading }) {
  const say = useRecruiterWords();
  const [promoting, setPromoting] = useState(false);
  const { grading_version: version, answers, graded } = grading;
  const differences = compare(session, version);
  return (
    <details className="grading">
      <summary>
        {say("grading.version", { version })}{" "}
        <span className="soft small">{say("grading.progress", { graded, answers })}</span>
      </summary>
      <Differences differences={differences} />
      {grading.regrade_id !== null && graded > 0 && (
        <Consequences session={session} grading={grading} regradeId={grading.regrade_id} />
      )}
      <div className="row">
        <Button className="small" disabled={graded < answers} onClick={() => setPromoting(true)}>
          {say("grading.promote")}
        </Button>
        {graded < answers && <span className="soft small">{say("grading.wait")}</span>}
      </div>
      {promoting && (
        <ActionDialog
          title={say("grading.promote")}
          how={say("grading.promoteHow")}
          fields={[]}
          targets={[{ id: session.id, name: session.candidate_name }]}
          run={(id) => recruiterApi.promote(id, version)}
          onClose={() => setPromoting(false)}
        />
      )}
    </details>
  );
}

function Differences({ differences }: { differences: readonly Difference[] }) {
  const say = useRecruiterWords();
  const { before, after } = totals(differences);
  const shown = (score: number | null): string => (score === null ? "–" : say("grading.score", { score }));
  return (
    <table className="differences">
      <thead>
        <tr>
          <th scope="col">{say("column.question")}</th>
          <th scope="col">{say("grading.before")}</th>
          <th scope="col">{say("grading.after")}</th>
          <th scope="col">{say("grading.change")}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((one) => (
          <tr key={one.index}>
            <th scope="row">{say("answer.number", { number: one.index + 1 })}</th>
            <td>{shown(one.before)}</td>
            <td>
              {shown(one.after)}
              {one.isPersons && <span className="soft small"> {say("grading.persons")}</span>}
            </td>
            <td>
              <Change before={one.before} after={one.after} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{say("grading.total")}</th>
          <td>{shown(before)}</td>
          <td>{shown(after)}</td>
          <td>
            <Change before={before} after={after} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function Change({ before, after }: { before: number | null; after: number | null }) {
  const say = useRecruiterWords();
  if (before === null || after === null) return "–";
  const change = Math.round((after - before) * 100) / 100;
  if (change === 0) return <span className="soft">{say("grading.same")}</span>;
  const sign = change > 0 ? "+" : "−";
  return (
    <strong className={change > 0 ? "up" : "down"}>
      {sign}
      {say("grading.score", { score: Math.abs(change) })}
    </strong>
  );
}

interface ConsequencesProps {
  session: SessionDetail;
  grading: Grading;
  regradeId: string;
}

/** What only the server knows: the rank among the others, the advice, and how far the two gradings agree. */
function Consequences({ session, grading, regradeId }: ConsequencesProps) {
  const say = useRecruiterWords();
  const { data } = useQuery({
    queryKey: ["regrade", regradeId, session.id, grading.graded, session.final_score, session.recommendation],
    queryFn: () => recruiterApi.difference(regradeId, session.id),
    refetchInterval: ({ state }) => (state.data && state.data.texts_pending > 0 ? TEXT_MS : false),
  });
  const difference = data?.sessions[0];
  if (!data || !difference) return null;
  const rank = (value: number | null): string => (value === null ? "–" : String(value));
  const advice = (value: Recommendation | null): string =>
    value === null ? "–" : say(`recommendation.${value}`);
  return (
    <dl className="figures">
      <Moved term={say("grading.rank")} from={rank(difference.old_rank)} to={rank(difference.new_rank)} />
      <Moved
        term={say("detail.recommendation")}
        from={advice(difference.old_recommendation)}
        to={advice(difference.new_recommendation)}
        note={difference.is_signed ? say("grading.signed") : ""}
      />
      <Agreed agreement={data.agreement} sessions={data.session_count} />
      {data.models && (
        <div>
          <dt>{say("grading.models")}</dt>
          <dd>{[...new Set(Object.values(data.models))].join(", ")}</dd>
        </div>
      )}
    </dl>
  );
}

interface MovedProps {
  term: string;
  from: string;
  to: string;
  note?: string;
}

function Moved({ term, from, to, note = "" }: MovedProps) {
  const say = useRecruiterWords();
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        {from === to ? from : say("grading.fromTo", { from, to })}
        {note !== "" && <span className="soft small"> {note}</span>}
      </dd>
    </div>
  );
}

function Agreed({ agreement, sessions }: { agreement: Agreement; sessions: number }) {
  const say = useRecruiterWords();
  const { answers, same_share: same, mean_absolute_difference: distance, weighted_kappa: kappa } = agreement;
  if (same === null || distance === null) return null;
  return (
    <div>
      <dt>{say("grading.agreement")}</dt>
      <dd>
        {say("grading.agreed", { same: Math.round(same * 100), distance })}
        {kappa !== null && ` ${say("grading.kappa", { kappa: Math.round(kappa * 100) / 100 })}`}
        <span className="soft small"> {say("grading.over", { answers, sessions })}</span>
      </dd>
    </div>
  );
}
