import { expect, test } from "vitest";
import { spreadsheet } from "./spreadsheet";

test("a cell is text, whatever stands in it", () => {
  expect(spreadsheet([["a", '=HYPERLINK("x")', 'say "hi"', "-1", "b,c"]])).toBe(
    '\ufeff"a","\'=HYPERLINK(""x"")","say ""hi""","\'-1","b,c"\r\n',
  );
});
