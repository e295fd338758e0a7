import type { Catalogue } from "./catalogue";

/** The candidate's pages, the sign-in page and what both share, in English. */
export const en = {
  "app.name": "Interlock",
  "app.loading": "Loading…",
  "app.crashed": "Something on this page broke",
  "app.crashedHow": "What you typed is kept. Load the page again to go on where you were.",
  "app.reload": "Load again",
  "app.skip": "Skip to the content",
  "app.signOut": "Sign out",
  "app.language": "Language",
  "app.close": "Close",
  "app.cancel": "Cancel",
  "app.tryAgain": "Try again",
  "app.signedInAs": "Signed in as {name}",

  "signIn.title": "Sign in",
  "signIn.lead": "Interviews that keep your time and your answers safe.",
  "signIn.demo": "This is a demo. Choose who you want to be; no password is needed.",
  "signIn.candidates": "Candidates",
  "signIn.recruiters": "Recruiters",
  "signIn.invitation": "Open the link in your invitation: it signs you in and brings you to your interview.",
  "signIn.noLink": "If your link is lost or has run out, ask the person who invited you for a new one.",
  "signIn.staff": "Recruiters get a sign-in link from whoever runs this server.",
  "signIn.lapsed":
    "Your sign-in has run out. Open your invitation link again; what you typed is kept in this browser.",
  "signIn.goOn": "You are signed in already.",
  "signIn.continue": "Continue to your page",
  "signIn.unreachable": "The server cannot be reached at the moment.",
  "signIn.linkWorking": "Signing you in…",
  "signIn.linkFailedTitle": "This link does not work any more",
  "signIn.linkFailed":
    "A sign-in link works for a limited time, and some only once. Ask the person who sent it for a new one.",
  "signIn.toStart": "Go to the sign-in page",

  "guard.title": "This page is for somebody else",
  "guard.candidate": "This page is for candidates. Sign in as one to see it.",
  "guard.recruiter": "This page is for recruiters. Sign in as one to see it.",
  "guard.missing": "There is no such page",
  "guard.missingHow": "The address may be mistyped.",

  "home.title": "Your interviews",
  "home.none": "No interview is waiting for you",
  "home.noneHow":
    "When you are invited to one, it appears here. If you expected one, open the link in your invitation.",
  "home.past": "Earlier interviews",
  "home.choose": "Instructions and start",
  "home.questions": { one: "{count} question", other: "{count} questions" },
  "home.minutes": { one: "{count} minute", other: "{count} minutes" },
  "home.attempts": { one: "{count} attempt left", other: "{count} attempts left" },
  "home.attempt": "Attempt {number}",
  "home.showReceipts": "Show receipts",

  "status.completed": "Complete",
  "status.terminated": "Ended by the recruiter",
  "status.abandoned": "Started over",
  "status.in_progress": "In progress",

  "start.before": "Before you start",
  "start.howTitle": "How it works",
  "start.howOne": {
    one: "There is {count} question, with its own time limit. The time is shown at the top.",
    other:
      "There are {count} questions, one after the other, each with its own time limit, shown at the top.",
  },
  "start.howTotal": { one: "It takes at most {count} minute.", other: "It takes at most {count} minutes." },
  "start.howForward": "An answer that you have submitted is final; there is no way back to it.",
  "start.howZero": "When the time of a question is up, what you have written is handed in as it is.",
  "start.howClock": "The clock is the server's. It runs on when you close the page.",
  "start.safeTitle": "If something goes wrong",
  "start.safe":
    "Everything you type is saved as you type. After a refresh, a crash or on another device you go on where you were.",
  "start.recordedTitle": "What is recorded",
  "start.recordedAnswers": "Your answers and their drafts, with the times at which they were written.",
  "start.recordedSignals":
    "When you leave this page or come back, paste or copy, leave full screen, or lose the network. Not what you paste, no camera, no sound.",
  "start.recordedUse":
    "People see these notes beside your answers. They never change your score by themselves.",
  "start.consent":
    "With Start Interview you agree to this being recorded, and the time of the first question begins.",
  "start.button": "Start Interview",
  "start.starting": "Starting…",
  "start.noAttempts": "You have no attempts left for this interview.",
  "start.unreachable": "The server did not answer. Please try again; nothing is lost.",
  "start.all": "All your interviews",

  "check.title": "System check",
  "check.connection": "Connection",
  "check.connectionGood": "Good: {ms} ms to the server and back",
  "check.connectionSlow":
    "Slow: {ms} ms to the server and back. It works, and answers are saved all the same.",
  "check.connectionNone": "No live connection yet. The interview also works without, a little less smoothly.",
  "check.storage": "Storage",
  "check.storageGood": "This browser keeps what you type",
  "check.storageBad": "This browser keeps nothing (private mode?). Drafts are still saved on the server.",
  "check.clock": "Clock",
  "check.clockGood": "The server's clock is used",
  "check.clockOff":
    "Your computer's clock is off by {seconds} s. That does not matter: the server's is used.",
  "check.browser": "Browser",
  "check.browserGood": "It has all that is needed",
  "check.browserOld":
    "It lacks {what}. If something does not work, use a current Firefox, Chrome, Edge or Safari.",
  "check.working": "Checking…",

  "question.of": "Question {number} of {total}",
  "question.points": { one: "{count} point", other: "{count} points" },
  "question.limit": "Time limit {time}",
  "question.mcq": "Choose one",
  "question.short_answer": "Answer in your own words",
  "question.code": "Write code: {language}",
  "question.answer": "Your answer",
  "question.submit": "Submit Answer",
  "question.sending": "Handing in your answer…",
  "question.retrying":
    "Your answer is kept here and handed in as soon as the server answers. You need not do anything.",
  "question.timeUp": "Time is up. What you have written is being handed in as it is.",
  "question.empty": "You have not answered yet. Choose Submit Answer again to hand in an empty answer.",
  "question.loading": "Loading the question…",
  "question.failed": "The question could not be loaded.",
  "question.length": "{used} of {most} characters",
  "question.editorHelp": "Press Escape, then Tab, to leave the editor with the keyboard.",
  "question.alternative":
    "Newer text from another device is shown. Text that you typed here before was kept.",
  "question.useAlternative": "Use the text typed here",
  "question.keepNewer": "Keep the newer text",
  "question.progress": "Progress",

  "timer.label": "Time left",
  "timer.soon": "Less than 5 minutes",
  "timer.last": "The last minute",
  "timer.hide": "Hide time",
  "timer.show": "Show time",
  "timer.hidden": "hidden",
  "timer.speak5": "5 minutes left",
  "timer.speak1": "1 minute left",
  "timer.speak30": "30 seconds left",

  "save.idle": "Saved as you type",
  "save.saving": "Saving…",
  "save.saved": "Saved",
  "save.kept": "Kept on this computer, not yet on the server",
  "save.unkept": "Not saved yet. This browser keeps nothing; leave the page open.",

  "connection.connecting": "Connecting…",
  "connection.online": "Connected",
  "connection.reconnecting":
    "The connection was lost; reconnecting. What you type is kept here, the clock runs on.",
  "connection.offline": "You are offline. What you type is kept here, the clock runs on.",

  "waiting.title": "The next question opens soon",
  "waiting.how":
    "Your answer is in. The questions of this interview open at fixed times; question {number} opens by itself.",
  "waiting.timer": "Opens in",

  "paused.title": "Your interview is paused",
  "paused.how":
    "Your clock stands still. What you have written is kept, and you go on with the same time left.",
  "paused.reason": "Reason given: {reason}",
  "paused.left": "Left on this question: {time}",

  "welcome.title": "Welcome Back!",
  "welcome.lead": "Your interview is running. Your answers so far are safe.",
  "welcome.left": "Time left on this question",
  "welcome.opens": "Next question opens in",
  "welcome.paused": "Paused: the clock stands still",
  "welcome.resume": "Resume Interview",
  "welcome.resuming": "Connecting…",
  "welcome.startOver": "Start Over",
  "welcome.noneLeft": "You cannot start over: no attempts are left.",
  "welcome.overTitle": "Start over?",
  "welcome.over":
    "This attempt ends here and does not count. You begin again with the first question and a new clock.",
  "welcome.overLeft": {
    one: "You have {count} attempt left; starting over uses it.",
    other: "You have {count} attempts left; starting over uses one.",
  },
  "welcome.keep": "Keep this attempt",

  "elsewhere.title": "Interview open elsewhere",
  "elsewhere.how":
    "This interview is open in another tab or on another device. It can be used in one place at a time.",
  "elsewhere.use": "Use This Device",
  "elsewhere.using": "Moving the interview here…",
  "elsewhere.effect":
    "Go on here with everything you have written; the other place is closed. The clock runs on.",
  "elsewhere.again": "Look again",

  "superseded.title": "Your interview goes on elsewhere",
  "superseded.taken_over":
    "You moved it to another tab or device. This page is no longer part of it, and nothing is lost.",
  "superseded.started_over":
    "You started it over in another tab or on another device. This attempt has ended.",
  "superseded.back": "Go on here instead",

  "unreachable.title": "The server cannot be reached",
  "unreachable.how":
    "We keep trying. Your answers are safe on the server, and what you typed is kept in this browser.",

  "done.title": "Interview complete",
  "done.lead": "Thank you. All your answers have arrived. Results will be available soon.",
  "done.next": "The people who invited you will be in touch. You can close this page.",
  "done.terminatedTitle": "The interview was ended",
  "done.terminated": "The recruiter ended this interview. Your answers up to then have been kept.",
  "done.abandonedTitle": "This attempt has ended",
  "done.abandoned": "You started over; this attempt does not count.",
  "done.reason": "Reason given: {reason}",
  "done.receipts": "Your receipts",
  "done.receiptsHow":
    "Each receipt is a fingerprint (SHA-256) of exactly what was stored for your answer. Keep them if you like: they prove what you handed in.",
  "done.number": "Question",
  "done.verified": "matches your answer",
  "done.differs": "does not match",
  "done.unchecked": "not checked here",
  "done.download": "Download receipts",
  "done.home": "Back to your interviews",
  "done.result": "Your result",
  "done.score": "{score} of {max} points ({percentage} %)",
  "done.strengths": "Strengths",
  "done.improvements": "To work on",
  "how.submitted": "by you",
  "how.auto": "at zero",
  "how.expired": "by the server, after time was up",
  "how.terminated": "by the server, at the end",

  "save.received": "Answer {number} has arrived, receipt {receipt}…",
  "notice.receiptDiffers":
    "Answer {number} was stored, but its receipt {receipt}… does not match what you typed. Please tell your recruiter.",
  "notice.timeUp": "Time was up for question {number}. What you had written was submitted.",
  "notice.closedWithDraft":
    "Time was up for question {number}. The last text that was saved has been submitted.",
  "notice.closedEmpty": "Time was up for question {number}. It was closed without an answer.",
  "notice.extended": "You have been given {time} more.",
  "notice.outage": "Our service was down for a moment. You get the {time} back.",
  "notice.resumed": "Your interview goes on. The clock is running again.",
  "notice.message": "Message from {from}",
  "notice.refused": "The answer was not accepted.",
  "notice.withoutSocket":
    "No live connection. The interview works all the same; your answers go by ordinary requests.",
  "notice.region": "Notices",
  "notice.dismiss": "Dismiss",
} as const satisfies Catalogue;
