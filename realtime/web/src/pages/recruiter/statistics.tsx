import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { recruiterApi } from "../../api/recruiter";
import { navigate, useAddress } from "../../app/router";
import type { InterviewListed, InterviewStatistics } from "../../generated/contracts";
import { useWords } from "../../i18n";
import { useStatisticsWords } from "../../i18n/statistics";
import { Button } from "../../ui/button";
import { Funnel } from "./funnel";
import { QuestionFigures } from "./question-figures";
import { Scores } from "./scores";
import "./statistics.css";

/** An interview in pictures: how far people came, what they scored, how each question went. */
export default function Statistics() {
  const say = useStatisticsWords();
  const interviews = useQuery({ queryKey: ["recruiter-interviews"], queryFn: recruiterApi.interviews });
  const wanted = useAddress().searchParams.get("interview");
  const list = interviews.data?.interviews ?? [];
  const shown = list.find((interview) => interview.id === wanted) ?? list[0];
  useEffect(() => {
    document.title = `${say("stats.title")} · Interlock`;
  });
  return (
    <div className="stack loose">
      <div className="row">
        <h1>{say("stats.title")}</h1>
        {shown && <Choice list={list} shown={shown} />}
      </div>
      {interviews.isPending && <p className="soft">{say("stats.loading")}</p>}
      {interviews.isError && <Failed retry={() => void interviews.refetch()} />}
      {interviews.data && !shown && (
        <div className="card stack tight">
          <h2>{say("stats.none")}</h2>
          <p className="soft">{say("stats.noneHow")}</p>
        </div>
      )}
      {shown && <Figures key={shown.id} id={shown.id} />}
    </div>
  );
}

function Choice({ list, shown }: { list: readonly InterviewListed[]; shown: InterviewListed }) {
  const say = useStatisticsWords();
  return (
    <label className="field statistics-choice">
      <span>{say("stats.interview")}</span>
      <select
        className="input"
        value={shown.id}
        onChange={(event) =>
          navigate(`/recruiter?view=statistics&interview=${event.target.value}`, { replace: true })
        }
      >
        {list.map((interview) => (
          <option key={interview.id} value={interview.id}>
            {interview.title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Figures({ id }: { id: string }) {
  const say = useStatisticsWords();
  const figures = useQuery({
    queryKey: ["recruiter-statistics", id],
    queryFn: () => recruiterApi.statistics(id),
  });
  if (figures.isPending) return <p className="soft">{say("stats.loading")}</p>;
  if (figures.isError) return <Failed retry={() => void figures.refetch()} />;
  return <Shown figures={figures.data} />;
}

function Shown({ figures }: { figures: InterviewStatistics }) {
  const say = useStatisticsWords();
  if (figures.funnel.started === 0) return <p className="card soft">{say("stats.empty")}</p>;
  return (
    <div className="statistics">
      <Funnel funnel={figures.funnel} />
      <Scores figures={figures} />
      <QuestionFigures questions={figures.questions} />
    </div>
  );
}

function Failed({ retry }: { retry: () => void }) {
  const say = useStatisticsWords();
  const words = useWords();
  return (
    <div className="banner warn" role="alert">
      <p>{say("stats.failed")}</p>
      <Button onClick={retry}>{words("app.tryAgain")}</Button>
    </div>
  );
}
