import type { SessionDetail } from "../../generated/contracts";
import { useLanguage } from "../../i18n";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Points } from "./points";

/** How a session that has ended is judged: by the graders, by the AI's advice, by the person who signed. */
export function Result({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  if (session.status === "in_progress") return null;
  return (
    <section className="result stack" aria-label={say("detail.result")}>
      <Figures session={session} />
      <div className="stack tight">
        <h3>{say("detail.summary")}</h3>
        <p className={session.ai_summary === null ? "soft" : ""}>
          {session.ai_summary ?? say("detail.noSummary")}
        </p>
        {isOutdated(session) && <p className="soft small">{say("detail.summaryOutdated")}</p>}
      </div>
      <Points title={say("feedback.strengths")} points={session.strengths} />
      <Points title={say("feedback.improvements")} points={session.improvements} />
    </section>
  );
}

/** Whether a person has scored since the text was written: totals follow at once, the text stays as it is. */
function isOutdated({ summaries, answers }: SessionDetail): boolean {
  const written = summaries.find((text) => text.counts)?.created_at;
  if (written === undefined) return false;
  return answers.some(({ overrides }) =>
    overrides.some((one) => Date.parse(one.scored_at) > Date.parse(written)),
  );
}

function Figures({ session }: { session: SessionDetail }) {
  const say = useRecruiterWords();
  const { language } = useLanguage();
  const { final_score: score, max_score: max, percentage, recommendation, released_at: released } = session;
  return (
    <dl className="figures">
      <div>
        <dt>{say("detail.score")}</dt>
        <dd>
          {score === null ? say("detail.noScore") : say("row.points", { score, max })}
          {percentage !== null && <span className="soft"> {say("row.percent", { percentage })}</span>}
        </dd>
      </div>
      {recommendation !== null && (
        <div>
          <dt>{say("detail.recommendation")}</dt>
          <dd>
            {say(`recommendation.${recommendation}`)}{" "}
            <span className="soft small">
              {session.recommendation_signed_by === null
                ? say("detail.advisory")
                : say("detail.signedBy", { who: session.recommendation_signed_by })}
            </span>
          </dd>
        </div>
      )}
      <div>
        <dt>{say("detail.release")}</dt>
        <dd>
          {released === null
            ? say("detail.notReleased")
            : new Date(released).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" })}
        </dd>
      </div>
    </dl>
  );
}
