import { useMemo } from "react";
import type { InterviewStatistics } from "../../generated/contracts";
import { useStatisticsWords } from "../../i18n/statistics";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Plot, type Drawing } from "./plot";

const TENTH = 10;

/** How the settled results are spread, as a picture and in figures. */
export function Scores({ figures }: { figures: InterviewStatistics }) {
  const say = useStatisticsWords();
  const words = useRecruiterWords();
  const { tenths, mean_percentage: mean, median_percentage: median } = figures;
  const count = tenths.reduce((sum, one) => sum + one, 0);
  const drawing = useMemo<Drawing>(
    () => ({
      // each bar stands in the middle of its ten points
      data: [tenths.map((_, at) => at * TENTH + TENTH / 2), [...tenths]],
      axis: (value) => words("row.percent", { percentage: value }),
      most: 100,
    }),
    [tenths, words],
  );
  return (
    <section className="card stack tight" aria-labelledby="scores">
      <h2 id="scores">{say("stats.scores")}</h2>
      <p className="soft small">{say("stats.scoresHow")}</p>
      {count === 0 || mean === null || median === null ? (
        <p className="soft">{say("stats.noScores")}</p>
      ) : (
        <>
          <p className="facts small">
            <span>{say("stats.settledCount", { count })}</span>
            <span>
              {say("stats.mean")} {words("row.percent", { percentage: mean })}
            </span>
            <span>
              {say("stats.median")} {words("row.percent", { percentage: median })}
            </span>
          </p>
          <Plot drawing={drawing} />
          <Table tenths={tenths} />
        </>
      )}
    </section>
  );
}

/** The same for who does not see the picture. */
function Table({ tenths }: { tenths: readonly number[] }) {
  const say = useStatisticsWords();
  return (
    <div className="unseen">
      <table>
        <caption>{say("stats.scoresHow")}</caption>
        <tbody>
          {tenths.map((count, at) => (
            <tr key={at}>
              <th scope="row">{say("stats.from", { from: at * TENTH, to: (at + 1) * TENTH })}</th>
              <td>{count}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
