import type { QuestionStatistics } from "../../generated/contracts";
import { useRecruiterWords } from "../../i18n/recruiter";
import { useStatisticsWords } from "../../i18n/statistics";
import { minutesAndSeconds } from "../../session/clock";

/** Each question on one line: how many of its points were reached, and how long it took. */
export function QuestionFigures({ questions }: { questions: readonly QuestionStatistics[] }) {
  const say = useStatisticsWords();
  return (
    <section className="card stack tight statistics-wide" aria-labelledby="questions">
      <h2 id="questions">{say("stats.table")}</h2>
      <p className="soft small">
        {say("stats.difficultyHow")} {say("stats.timeHow")}
      </p>
      <div className="question-figures-frame">
        <table role="table" className="question-figures">
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">
                {say("stats.questionHead")}
              </th>
              <th role="columnheader" scope="col">
                {say("stats.reached")}
              </th>
              <th role="columnheader" scope="col">
                {say("stats.medianTime")}
              </th>
              <th role="columnheader" scope="col">
                {say("stats.answers")}
              </th>
              <th role="columnheader" scope="col">
                {say("stats.blank")}
              </th>
              <th role="columnheader" scope="col">
                {say("stats.expired")}
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {questions.map((question, at) => (
              <Line key={at} question={question} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Line({ question }: { question: QuestionStatistics }) {
  const say = useStatisticsWords();
  const { difficulty, question_text: text } = question;
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <span>{say("stats.question", { number: question.question_index + 1 })}</span>
        {difficulty !== null && <span className="tag">{say(`difficulty.${difficulty}`)}</span>}
        {!question.current && <span className="tag">{say("stats.old")}</span>}
        <span className="soft small question-start">{text}</span>
      </th>
      <td role="cell">
        <Reached question={question} />
      </td>
      <td role="cell">
        <Time question={question} />
      </td>
      <td role="cell" data-label={say("stats.answers")}>
        {question.answers}
      </td>
      <td role="cell" data-label={say("stats.blank")}>
        {question.empty}
      </td>
      <td role="cell" data-label={say("stats.expired")}>
        {question.expired}
      </td>
    </tr>
  );
}

function Reached({ question: { mean_percentage: mean } }: { question: QuestionStatistics }) {
  const words = useRecruiterWords();
  if (mean === null) return "–";
  return (
    <div className="meter">
      <span className="meter-track" aria-hidden="true">
        <span className="meter-bar" style={{ inlineSize: `${mean}%` }} />
      </span>
      <span>{words("row.percent", { percentage: Math.round(mean) })}</span>
    </div>
  );
}

/** Of the time that there was, the part that the middle half of all answers took. */
function Time({ question }: { question: QuestionStatistics }) {
  const { time_taken_seconds: taken, time_limit: limit } = question;
  if (taken === null) return "–";
  const at = (seconds: number): string => `${Math.min(100, (100 * seconds) / limit)}%`;
  return (
    <div className="meter">
      <span className="meter-track time" aria-hidden="true">
        <span
          className="time-half"
          style={{ insetInlineStart: at(taken.lower), inlineSize: at(taken.upper - taken.lower) }}
        />
        <span className="time-median" style={{ insetInlineStart: at(taken.median) }} />
      </span>
      <span>
        {minutesAndSeconds(taken.median * 1000)}{" "}
        <span className="soft small">/ {minutesAndSeconds(limit * 1000)}</span>
      </span>
    </div>
  );
}
