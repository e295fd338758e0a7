import { useLanguage } from "./index";

/*
 * What is wrong with a text the server says in English, by rules that are its alone. These are the same
 * words in German; what is not known here is shown as it came.
 */
const GERMAN: readonly (readonly [RegExp, string])[] = [
  [/^is missing$/, "fehlt"],
  [/^is not a known field$/, "ist kein bekanntes Feld"],
  [/^must be text(: put it in quotes)?$/, "muss Text sein"],
  [/^must not be (empty|blank)$/, "darf nicht leer sein"],
  [/^must have at most (\d+) characters$/, "darf höchstens $1 Zeichen haben"],
  [/^must have at least (\d+) entries$/, "muss mindestens $1 Einträge haben"],
  [/^must have at most (\d+) entries$/, "darf höchstens $1 Einträge haben"],
  [/^must be a whole number$/, "muss eine ganze Zahl sein"],
  [/^must be at least (\d+)$/, "muss mindestens $1 sein"],
  [/^must be at most (\d+)$/, "darf höchstens $1 sein"],
  [/^must be one of the options$/, "muss eine der Möglichkeiten sein"],
  [/^must differ from one another$/, "müssen sich voneinander unterscheiden"],
  [/^must be a list$/, "muss eine Liste sein"],
  [/^must be a mapping of fields$/, "muss aus Feldern bestehen"],
  [
    /^must be an email address of at most (\d+) characters$/,
    "muss eine E-Mail-Adresse mit höchstens $1 Zeichen sein",
  ],
  [/^must be a time with its zone, such as (\S+)$/, "muss eine Zeit mit Zeitzone sein, etwa $1"],
  [/^This email is a recruiter's$/, "Diese Adresse gehört zu einem Recruiter"],
  [/^has more cells than the first line$/, "hat mehr Spalten als die erste Zeile"],
  [
    /^the first line must name the columns; missing: (.*)$/,
    "die erste Zeile muss die Spalten nennen; es fehlt: $1",
  ],
  [/^the first line names unknown columns: (.*)$/, "die erste Zeile nennt unbekannte Spalten: $1"],
  [/^the first line names a column twice$/, "die erste Zeile nennt eine Spalte zweimal"],
  [/^the file is empty$/, "die Datei ist leer"],
  [/^Interview has ended$/, "Das Interview ist zu Ende"],
  [/^Interview is paused$/, "Das Interview ist angehalten"],
  [/^Interview was changed since you read it$/, "Das Interview wurde inzwischen geändert"],
  [/^Already invited$/, "Ist schon eingeladen"],
  [/^Not found$/, "Das gibt es nicht"],
  [/^Invalid body$/, "Die Angaben stimmen so nicht"],
  [/^Try again in (\d+) s$/, "Versuchen Sie es in $1 s noch einmal"],
  [
    /^Results can be released once every answer is scored$/,
    "Ergebnisse können freigegeben werden, wenn jede Antwort Punkte hat",
  ],
  [
    /^A recommendation can be signed once the interview has ended$/,
    "Eine Empfehlung kann unterschrieben werden, wenn das Interview zu Ende ist",
  ],
  [
    /^Only an interview that was completed or terminated can be graded again$/,
    "Nur ein beendetes Interview kann noch einmal bewertet werden",
  ],
  [/^That grading is not complete$/, "Diese Bewertung ist noch nicht fertig"],
  [/^A score for this answer is between 0 and ([\d.]+)$/, "Diese Antwort hat zwischen 0 und $1 Punkte"],
  [
    /^Invite this person again, or move the expiry$/,
    "Laden Sie diese Person noch einmal ein, oder verschieben Sie das Ende",
  ],
];

/** A word of the server's in the language of the page; each of several, joined by semicolons. */
export function translated(message: string, language: "en" | "de"): string {
  if (language === "en") return message;
  return message
    .split("; ")
    .map((part) => one(part))
    .join("; ");
}

function one(message: string): string {
  for (const [english, german] of GERMAN) if (english.test(message)) return message.replace(english, german);
  // a line of a table names its field first
  const [field, ...rest] = message.split(" ");
  if (field !== undefined && /^[a-z_]+$/.test(field) && rest.length > 0) {
    const said = one(rest.join(" "));
    if (said !== rest.join(" ")) return `${field} ${said}`;
  }
  return message;
}

/** Says the server's words in the language of the page. */
export function useServerWords(): (message: string) => string {
  const { language } = useLanguage();
  return (message) => translated(message, language);
}
