import { createRoot } from "react-dom/client";
import { adoptIdentity } from "./api/identity";
import { App } from "./app/app";
import { preferredLanguage, speak } from "./i18n";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/components.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");

if (location.pathname.startsWith("/interview")) adoptIdentity("candidate");
if (location.pathname.startsWith("/recruiter")) adoptIdentity("recruiter");

// A page out of the back/forward cache has lost its connection and its place: begin again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

await speak(preferredLanguage());
createRoot(root).render(<App />);
