import { useLanguage, type Say, textsOf } from "./index";
import { enStatistics } from "./en-statistics";

export type StatisticsKey = keyof typeof enStatistics;

const texts = textsOf(enStatistics, async () => (await import("./de-statistics")).deStatistics);
await texts.load(useLanguage.getState().language);

/** The texts of the page of an interview's figures. */
export const useStatisticsWords: () => Say<StatisticsKey> = texts.use;
