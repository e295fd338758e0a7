import type { Message } from "./catalogue";
import type { CandidateKey } from "./index";

/** The candidate's pages, the sign-in page and what both share, in German. */
export const de: Record<CandidateKey, Message> = {
  "app.name": "Interlock",
  "app.loading": "Wird geladen …",
  "app.crashed": "Auf dieser Seite ist etwas schiefgegangen",
  "app.crashedHow": "Was Sie getippt haben, ist aufgehoben. Laden Sie die Seite neu, um weiterzumachen.",
  "app.reload": "Neu laden",
  "app.skip": "Zum Inhalt springen",
  "app.signOut": "Abmelden",
  "app.language": "Sprache",
  "app.close": "Schließen",
  "app.cancel": "Abbrechen",
  "app.tryAgain": "Noch einmal versuchen",
  "app.signedInAs": "Angemeldet als {name}",

  "signIn.title": "Anmelden",
  "signIn.lead": "Interviews, die auf Ihre Zeit und Ihre Antworten aufpassen.",
  "signIn.demo": "Dies ist eine Vorführung. Wählen Sie, wer Sie sein möchten; ein Passwort ist nicht nötig.",
  "signIn.candidates": "Bewerber",
  "signIn.recruiters": "Recruiter",
  "signIn.invitation":
    "Öffnen Sie den Link in Ihrer Einladung: Er meldet Sie an und führt Sie zu Ihrem Interview.",
  "signIn.noLink":
    "Ist der Link verloren oder abgelaufen, bitten Sie die Person, die Sie eingeladen hat, um einen neuen.",
  "signIn.staff": "Recruiter bekommen ihren Anmelde-Link von der Person, die diesen Server betreibt.",
  "signIn.lapsed":
    "Ihre Anmeldung ist abgelaufen. Öffnen Sie den Link Ihrer Einladung noch einmal; was Sie getippt haben, ist in diesem Browser aufgehoben.",
  "signIn.goOn": "Sie sind bereits angemeldet.",
  "signIn.continue": "Weiter zu Ihrer Seite",
  "signIn.unreachable": "Der Server ist gerade nicht zu erreichen.",
  "signIn.linkWorking": "Sie werden angemeldet …",
  "signIn.linkFailedTitle": "Dieser Link gilt nicht mehr",
  "signIn.linkFailed":
    "Ein Anmelde-Link gilt nur eine Zeit lang, mancher nur einmal. Bitten Sie die Person, die ihn geschickt hat, um einen neuen.",
  "signIn.toStart": "Zur Anmeldung",

  "guard.title": "Diese Seite ist für jemand anderen",
  "guard.candidate": "Diese Seite ist für Bewerber. Melden Sie sich als Bewerber an, um sie zu sehen.",
  "guard.recruiter": "Diese Seite ist für Recruiter. Melden Sie sich als Recruiter an, um sie zu sehen.",
  "guard.missing": "Diese Seite gibt es nicht",
  "guard.missingHow": "Vielleicht ist die Adresse falsch geschrieben.",

  "home.title": "Ihre Interviews",
  "home.none": "Auf Sie wartet kein Interview",
  "home.noneHow":
    "Werden Sie zu einem eingeladen, erscheint es hier. Haben Sie eines erwartet, öffnen Sie den Link in Ihrer Einladung.",
  "home.past": "Frühere Interviews",
  "home.choose": "Hinweise und Start",
  "home.questions": { one: "{count} Frage", other: "{count} Fragen" },
  "home.minutes": { one: "{count} Minute", other: "{count} Minuten" },
  "home.attempts": { one: "noch {count} Versuch", other: "noch {count} Versuche" },
  "home.attempt": "Versuch {number}",
  "home.showReceipts": "Quittungen zeigen",

  "status.completed": "Abgeschlossen",
  "status.terminated": "Vom Recruiter beendet",
  "status.abandoned": "Neu begonnen",
  "status.in_progress": "Läuft",

  "start.before": "Bevor Sie beginnen",
  "start.howTitle": "So läuft es ab",
  "start.howOne": {
    one: "Es gibt {count} Frage mit eigener Zeitgrenze. Die Zeit steht oben.",
    other: "Es gibt {count} Fragen nacheinander, jede mit eigener Zeitgrenze, die oben steht.",
  },
  "start.howTotal": {
    one: "Es dauert höchstens {count} Minute.",
    other: "Es dauert höchstens {count} Minuten.",
  },
  "start.howForward": "Eine abgegebene Antwort ist endgültig; zu ihr führt kein Weg zurück.",
  "start.howZero": "Ist die Zeit einer Frage um, wird abgegeben, was Sie bis dahin geschrieben haben.",
  "start.howClock": "Es gilt die Uhr des Servers. Sie läuft weiter, wenn Sie die Seite schließen.",
  "start.safeTitle": "Wenn etwas schiefgeht",
  "start.safe":
    "Alles, was Sie tippen, wird beim Tippen gespeichert. Nach dem Neuladen, nach einem Absturz oder auf einem anderen Gerät machen Sie dort weiter, wo Sie waren.",
  "start.recordedTitle": "Was aufgezeichnet wird",
  "start.recordedAnswers": "Ihre Antworten und deren Entwürfe mit den Zeiten, zu denen sie entstanden sind.",
  "start.recordedSignals":
    "Wenn Sie diese Seite verlassen oder zurückkehren, etwas einfügen oder kopieren, den Vollbildmodus verlassen oder das Netz verlieren. Nicht, was Sie einfügen; keine Kamera, kein Ton.",
  "start.recordedUse":
    "Menschen sehen diese Hinweise neben Ihren Antworten. Von sich aus ändern sie Ihre Punkte nie.",
  "start.consent":
    "Mit „Interview starten“ stimmen Sie dieser Aufzeichnung zu, und die Zeit der ersten Frage beginnt.",
  "start.button": "Interview starten",
  "start.starting": "Wird gestartet …",
  "start.noAttempts": "Für dieses Interview haben Sie keinen Versuch mehr.",
  "start.unreachable":
    "Der Server hat nicht geantwortet. Bitte versuchen Sie es noch einmal; verloren ist nichts.",
  "start.all": "Alle Ihre Interviews",

  "check.title": "Prüfung Ihres Geräts",
  "check.connection": "Verbindung",
  "check.connectionGood": "Gut: {ms} ms zum Server und zurück",
  "check.connectionSlow":
    "Langsam: {ms} ms zum Server und zurück. Es geht trotzdem, und Antworten werden genauso gespeichert.",
  "check.connectionNone":
    "Noch keine dauernde Verbindung. Das Interview geht auch ohne sie, nur etwas weniger flüssig.",
  "check.storage": "Speicher",
  "check.storageGood": "Dieser Browser behält, was Sie tippen",
  "check.storageBad":
    "Dieser Browser behält nichts (privater Modus?). Entwürfe werden trotzdem auf dem Server gespeichert.",
  "check.clock": "Uhr",
  "check.clockGood": "Es gilt die Uhr des Servers",
  "check.clockOff":
    "Die Uhr Ihres Rechners geht {seconds} s falsch. Das macht nichts: Es gilt die des Servers.",
  "check.browser": "Browser",
  "check.browserGood": "Er hat alles, was gebraucht wird",
  "check.browserOld":
    "Ihm fehlt {what}. Wenn etwas nicht geht, nehmen Sie einen aktuellen Firefox, Chrome, Edge oder Safari.",
  "check.working": "Wird geprüft …",

  "question.of": "Frage {number} von {total}",
  "question.points": { one: "{count} Punkt", other: "{count} Punkte" },
  "question.limit": "Zeitgrenze {time}",
  "question.mcq": "Wählen Sie eine aus",
  "question.short_answer": "Antworten Sie mit eigenen Worten",
  "question.code": "Schreiben Sie ein Programm: {language}",
  "question.answer": "Ihre Antwort",
  "question.submit": "Antwort abgeben",
  "question.sending": "Ihre Antwort wird abgegeben …",
  "question.retrying":
    "Ihre Antwort ist hier aufgehoben und wird abgegeben, sobald der Server antwortet. Sie brauchen nichts zu tun.",
  "question.timeUp": "Die Zeit ist um. Was Sie geschrieben haben, wird so abgegeben, wie es ist.",
  "question.empty":
    "Sie haben noch nicht geantwortet. Wählen Sie noch einmal „Antwort abgeben“, um eine leere Antwort abzugeben.",
  "question.loading": "Die Frage wird geladen …",
  "question.failed": "Die Frage konnte nicht geladen werden.",
  "question.length": "{used} von {most} Zeichen",
  "question.editorHelp": "Mit der Tastatur verlassen Sie den Editor mit Escape und dann Tabulator.",
  "question.alternative":
    "Sie sehen neueren Text von einem anderen Gerät. Was Sie hier vorher getippt hatten, ist aufgehoben.",
  "question.useAlternative": "Den hier getippten Text nehmen",
  "question.keepNewer": "Beim neueren Text bleiben",
  "question.progress": "Fortschritt",

  "timer.label": "Verbleibende Zeit",
  "timer.soon": "Unter 5 Minuten",
  "timer.last": "Die letzte Minute",
  "timer.hide": "Zeit ausblenden",
  "timer.show": "Zeit einblenden",
  "timer.hidden": "verborgen",
  "timer.speak5": "Noch 5 Minuten",
  "timer.speak1": "Noch 1 Minute",
  "timer.speak30": "Noch 30 Sekunden",

  "save.idle": "Wird beim Tippen gespeichert",
  "save.saving": "Wird gespeichert …",
  "save.saved": "Gespeichert",
  "save.kept": "Auf diesem Rechner aufgehoben, noch nicht auf dem Server",
  "save.unkept": "Noch nicht gespeichert. Dieser Browser behält nichts; lassen Sie die Seite offen.",
  "save.received": "Antwort {number} ist angekommen, Quittung {receipt} …",

  "connection.connecting": "Wird verbunden …",
  "connection.online": "Verbunden",
  "connection.reconnecting":
    "Die Verbindung ist abgerissen und wird neu aufgebaut. Was Sie tippen, wird hier aufgehoben; die Uhr läuft weiter.",
  "connection.offline": "Sie sind offline. Was Sie tippen, wird hier aufgehoben; die Uhr läuft weiter.",

  "waiting.title": "Die nächste Frage öffnet sich bald",
  "waiting.how":
    "Ihre Antwort ist angekommen. Die Fragen dieses Interviews öffnen sich zu festen Zeiten; Frage {number} öffnet sich von selbst.",
  "waiting.timer": "Öffnet sich in",

  "paused.title": "Ihr Interview ist angehalten",
  "paused.how":
    "Ihre Uhr steht still. Was Sie geschrieben haben, ist aufgehoben, und Sie machen mit derselben Restzeit weiter.",
  "paused.reason": "Angegebener Grund: {reason}",
  "paused.left": "Noch für diese Frage: {time}",

  "welcome.title": "Willkommen zurück!",
  "welcome.lead": "Ihr Interview läuft. Ihre bisherigen Antworten sind sicher.",
  "welcome.left": "Restzeit dieser Frage",
  "welcome.opens": "Die nächste Frage öffnet sich in",
  "welcome.paused": "Angehalten: Die Uhr steht still",
  "welcome.resume": "Interview fortsetzen",
  "welcome.resuming": "Wird verbunden …",
  "welcome.startOver": "Neu beginnen",
  "welcome.noneLeft": "Neu beginnen geht nicht: Es ist kein Versuch mehr übrig.",
  "welcome.overTitle": "Neu beginnen?",
  "welcome.over":
    "Dieser Versuch endet hier und zählt nicht. Sie beginnen wieder mit der ersten Frage und neuer Zeit.",
  "welcome.overLeft": {
    one: "Sie haben noch {count} Versuch; neu beginnen verbraucht ihn.",
    other: "Sie haben noch {count} Versuche; neu beginnen verbraucht einen.",
  },
  "welcome.keep": "Bei diesem Versuch bleiben",

  "elsewhere.title": "Interview anderswo offen",
  "elsewhere.how":
    "Dieses Interview ist in einem anderen Tab oder auf einem anderen Gerät offen. Es geht immer nur an einer Stelle.",
  "elsewhere.use": "Dieses Gerät verwenden",
  "elsewhere.using": "Das Interview zieht hierher um …",
  "elsewhere.effect":
    "Machen Sie hier weiter, mit allem, was Sie geschrieben haben; die andere Stelle wird geschlossen. Die Uhr läuft weiter.",
  "elsewhere.again": "Noch einmal nachsehen",

  "superseded.title": "Ihr Interview geht anderswo weiter",
  "superseded.taken_over":
    "Sie sind damit in einen anderen Tab oder auf ein anderes Gerät umgezogen. Diese Seite gehört nicht mehr dazu; verloren ist nichts.",
  "superseded.started_over":
    "Sie haben in einem anderen Tab oder auf einem anderen Gerät neu begonnen. Dieser Versuch ist beendet.",
  "superseded.back": "Stattdessen hier weitermachen",

  "unreachable.title": "Der Server ist nicht zu erreichen",
  "unreachable.how":
    "Wir versuchen es weiter. Ihre Antworten sind auf dem Server sicher, und was Sie getippt haben, ist in diesem Browser aufgehoben.",

  "done.title": "Interview abgeschlossen",
  "done.lead": "Vielen Dank. Alle Ihre Antworten sind angekommen. Ergebnisse gibt es bald.",
  "done.next": "Wer Sie eingeladen hat, meldet sich bei Ihnen. Sie können diese Seite schließen.",
  "done.terminatedTitle": "Das Interview wurde beendet",
  "done.terminated": "Der Recruiter hat dieses Interview beendet. Ihre Antworten bis dahin sind aufgehoben.",
  "done.abandonedTitle": "Dieser Versuch ist beendet",
  "done.abandoned": "Sie haben neu begonnen; dieser Versuch zählt nicht.",
  "done.reason": "Angegebener Grund: {reason}",
  "done.receipts": "Ihre Quittungen",
  "done.receiptsHow":
    "Jede Quittung ist ein Fingerabdruck (SHA-256) genau dessen, was für Ihre Antwort gespeichert wurde. Heben Sie sie auf, wenn Sie möchten: Sie belegt, was Sie abgegeben haben.",
  "done.number": "Frage",
  "done.verified": "passt zu Ihrer Antwort",
  "done.differs": "passt nicht",
  "done.unchecked": "hier nicht geprüft",
  "done.download": "Quittungen herunterladen",
  "done.home": "Zurück zu Ihren Interviews",
  "done.result": "Ihr Ergebnis",
  "done.score": "{score} von {max} Punkten ({percentage} %)",
  "done.strengths": "Stärken",
  "done.improvements": "Daran können Sie arbeiten",
  "how.submitted": "von Ihnen",
  "how.auto": "bei Ablauf der Zeit",
  "how.expired": "vom Server, nach Ablauf der Zeit",
  "how.terminated": "vom Server, am Ende",

  "notice.receiptDiffers":
    "Antwort {number} wurde gespeichert, aber ihre Quittung {receipt} … passt nicht zu dem, was Sie getippt haben. Bitte sagen Sie es Ihrem Recruiter.",
  "notice.timeUp": "Die Zeit für Frage {number} war um. Was Sie geschrieben hatten, wurde abgegeben.",
  "notice.closedWithDraft":
    "Die Zeit für Frage {number} war um. Der zuletzt gespeicherte Text wurde abgegeben.",
  "notice.closedEmpty": "Die Zeit für Frage {number} war um. Sie wurde ohne Antwort geschlossen.",
  "notice.extended": "Sie haben {time} mehr bekommen.",
  "notice.outage": "Unser Dienst war kurz nicht da. Sie bekommen die {time} zurück.",
  "notice.resumed": "Ihr Interview geht weiter. Die Uhr läuft wieder.",
  "notice.message": "Nachricht von {from}",
  "notice.refused": "Die Antwort wurde nicht angenommen.",
  "notice.withoutSocket":
    "Keine dauernde Verbindung. Das Interview geht trotzdem; Ihre Antworten gehen über einzelne Anfragen.",
  "notice.region": "Hinweise",
  "notice.dismiss": "Ausblenden",
};
