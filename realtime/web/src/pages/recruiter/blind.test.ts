import { expect, test } from "vitest";
import { hider } from "./blind";
import { blindCsv } from "./export";

const ADA = { candidate_name: "Ada K. Lovelace", candidate_email: "ada@demo.test" };

test.each([
  ["Ada K. Lovelace wrote this", "▮▮▮ wrote this"],
  ["by lovelace, ADA", "by ▮▮▮, ▮▮▮"],
  ["mail ada@demo.test", "mail ▮▮▮"],
  ["Adapters and K are words", "Adapters and K are words"],
  ["Lovelace's engine", "▮▮▮'s engine"],
])("%s", (text, hidden) => {
  expect(hider(ADA)(text)).toBe(hidden);
});

test("a name with signs of its own is taken as it is", () => {
  expect(hider({ candidate_name: "Jean-Luc (JL) O'Neil" })("Jean-Luc and O'Neil")).toBe("▮▮▮ and ▮▮▮");
});

test("names of other scripts are whole words too", () => {
  expect(hider({ candidate_name: "Ольга Петрова" })("Ольга, Петрована")).toBe("▮▮▮, Петрована");
});

test("a spreadsheet keeps its form and loses the names", () => {
  const lines = [
    ["session_id", "candidate_name", "candidate_email", "flags", "ai_summary"],
    ["1", "Ada K. Lovelace", "ada@demo.test", "", 'Ada said "yes",\r\nLovelace "no"'],
    ["2", "'=SUM(1)", "bob@demo.test", "'=x", ""],
  ];
  const csv = lines
    .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","))
    .join("\r\n");
  const blind = blindCsv(`\uFEFF${csv}\r\n`, ({ id }) => `Candidate ${id}`);
  expect(blind.replace(/^\uFEFF/, "").split("\r\n")).toEqual([
    '"session_id","candidate_name","candidate_email","flags","ai_summary"',
    '"1","Candidate 1","","","▮▮▮ said ""yes"",',
    '▮▮▮ ""no"""',
    '"2","Candidate 2","","\'=x",""',
    "",
  ]);
});
