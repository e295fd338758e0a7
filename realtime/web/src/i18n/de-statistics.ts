import type { Message } from "./catalogue";
import type { enStatistics } from "./en-statistics";

/** The page of an interview's figures in German. */
export const deStatistics: Record<keyof typeof enStatistics, Message> = {
  "stats.title": "Auswertung",
  "stats.interview": "Interview",
  "stats.none": "Noch kein Interview zum Auswerten",
  "stats.noneHow":
    "Legen Sie unter Interviews eines an und laden Sie jemanden ein; die Zahlen erscheinen hier, sobald es jemand macht.",
  "stats.loading": "Zahlen werden geladen …",
  "stats.failed": "Die Zahlen konnten nicht geladen werden.",
  "stats.empty": "Dieses Interview hat noch niemand begonnen.",
  "stats.funnel": "Wie weit Menschen kamen",
  "stats.funnelHow": "Jeder Mensch einmal, wie oft auch immer versucht wurde.",
  "stats.invited": "Eingeladen",
  "stats.started": "Begonnen",
  "stats.completed": "Abgeschlossen",
  "stats.settled": "Bewertet",
  "stats.released": "Freigegeben",
  "stats.scores": "Punkte",
  "stats.scoresHow": "Versuche mit feststehendem Ergebnis, nach Prozent.",
  "stats.noScores": "Noch steht kein Ergebnis fest.",
  "stats.mean": "Durchschnitt",
  "stats.median": "Median",
  "stats.settledCount": { one: "{count} Ergebnis", other: "{count} Ergebnisse" },
  "stats.from": "von {from} bis {to} %",
  "stats.difficultyHow": "Erreichte Punkte, von denen der Frage.",
  "stats.timeHow":
    "Der Balken umfasst die mittlere Hälfte der Antworten, sein Strich ist der Median; der Rahmen ist die Zeitgrenze.",
  "stats.questionHead": "Frage",
  "stats.question": "Frage {number}",
  "stats.old": "nicht mehr gestellt",
  "stats.reached": "Erreichte Punkte",
  "stats.medianTime": "Mittlere Zeit",
  "stats.answers": "Antworten",
  "stats.blank": "Leer",
  "stats.expired": "Vom Server geschlossen",
  "stats.table": "Alle Fragen",
  "difficulty.easy": "leicht",
  "difficulty.medium": "mittel",
  "difficulty.hard": "schwer",
};
