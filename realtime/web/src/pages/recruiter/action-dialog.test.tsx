import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refused, Unreachable } from "../../api/errors";
import { ActionDialog } from "./action-dialog";

afterEach(cleanup);

const TARGETS = [
  { id: "1", name: "Ada" },
  { id: "2", name: "Grace" },
  { id: "3", name: "Linus" },
];

function show(run: (id: string, values: { seconds: number; reason: string }) => Promise<unknown>, count = 3) {
  const onClose = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ActionDialog
        title="Give more time"
        how="The deadline moves."
        fields={["seconds", "reason"]}
        targets={TARGETS.slice(0, count)}
        run={run}
        onClose={onClose}
      />
    </QueryClientProvider>,
  );
  return onClose;
}

async function confirm(reason: string) {
  if (reason !== "") await userEvent.type(screen.getByLabelText(/^Reason/), reason);
  await userEvent.click(screen.getByRole("button", { name: "Give more time" }));
}

test("says of each session what became of it, and tries again only what failed", async () => {
  const tries: string[] = [];
  const onClose = show((id) => {
    tries.push(id);
    if (id === "2" && tries.length <= 3) {
      return Promise.reject(new Refused({ code: "session_ended", message: "The interview is over" }));
    }
    return Promise.resolve();
  });
  await confirm("The fire drill");
  const said = await screen.findByRole("status");
  expect(said.textContent).toContain("Done for 2 sessions.");
  expect(said.textContent).toContain("Grace");
  expect(said.textContent).toContain("The interview is over");
  expect(onClose).not.toHaveBeenCalled();

  await confirm("");
  await waitFor(() => expect(screen.getByRole("status").textContent).toContain("Done for 3 sessions."));
  expect(tries).toEqual(["1", "2", "3", "2"]);
  expect(screen.queryByRole("button", { name: "Give more time" })).toBeNull();
});

test("closes by itself where it was one session and it worked", async () => {
  const run = vi.fn(() => Promise.resolve());
  const onClose = show(run, 1);
  await confirm("A phone call");
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(run).toHaveBeenCalledWith("1", expect.objectContaining({ seconds: 120, reason: "A phone call" }));
});

test("stays, with what was typed, where nobody answered", async () => {
  const onClose = show(() => Promise.reject(new Unreachable("no answer")), 1);
  await confirm("A phone call");
  expect((await screen.findByRole("alert")).textContent).toContain("nothing was changed");
  expect(screen.getByLabelText<HTMLInputElement>(/^Reason/).value).toBe("A phone call");
  expect(onClose).not.toHaveBeenCalled();
});

test("does nothing without a reason", async () => {
  const run = vi.fn(() => Promise.resolve());
  show(run, 1);
  await confirm("");
  expect(run).not.toHaveBeenCalled();
});
