import type { Funnel as Figures } from "../../generated/contracts";
import { useStatisticsWords } from "../../i18n/statistics";

const STEPS = ["invited", "started", "completed", "settled", "released"] as const;

/** How many people came how far; each step as wide as its share of those invited. */
export function Funnel({ funnel }: { funnel: Figures }) {
  const say = useStatisticsWords();
  return (
    <section className="card stack tight" aria-labelledby="funnel">
      <h2 id="funnel">{say("stats.funnel")}</h2>
      <p className="soft small">{say("stats.funnelHow")}</p>
      <dl className="funnel">
        {STEPS.map((step) => (
          <div key={step}>
            <dt>{say(`stats.${step}`)}</dt>
            <dd>
              <span
                className="funnel-bar"
                style={{ inlineSize: `${share(funnel[step], funnel.invited)}%` }}
              />
              <span>{funnel[step]}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function share(count: number, of: number): number {
  return of === 0 ? 0 : Math.round((1000 * count) / of) / 10;
}
