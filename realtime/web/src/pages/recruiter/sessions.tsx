import { useEffect } from "react";
import { useBoard, type Board } from "../../board/board";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { useMedia } from "../../ui/use-media";
import { useBlind } from "./blind";
import { BoardBar } from "./board-bar";
import { BulkBar } from "./bulk-bar";
import { Detail } from "./detail";
import { Filters } from "./filters";
import { SessionList } from "./session-list";
import { openSession, useFilter, useOpenSession } from "./use-filter";

export function Sessions({ board }: { board: Board }) {
  const say = useRecruiterWords();
  const { interviewId, status, q, only, sort } = useFilter();
  const { blind } = useBlind();
  const open = useOpenSession();
  const covered = !useMedia("(min-width: 72rem)");
  const isSmall = useMedia("(max-width: 40rem)");
  useEffect(() => {
    if (open === null) document.title = `${say("board.title")} · Interlock`;
  });
  useEffect(() => {
    board.show({ interviewId, status, q, only, sort, blind });
  }, [board, interviewId, status, q, only, sort, blind]);
  return (
    <div className="board" data-open={open !== null || undefined}>
      <div className="board-list" inert={open !== null && covered}>
        <h1 id="sessions" tabIndex={-1}>
          {say("board.title")}
        </h1>
        <Filters narrow={open !== null || isSmall} />
        <BoardBar board={board} />
        <SessionList board={board} open={open} />
        <Below board={board} />
        <BulkBar />
      </div>
      {open !== null && <Detail key={open} id={open} onClose={() => openSession(null)} />}
    </div>
  );
}

/** What stands under the table: that it is loading, empty, could not be loaded, or goes on. */
function Below({ board }: { board: Board }) {
  const say = useRecruiterWords();
  const state = useBoard((board) => board.state);
  const isEmpty = useBoard((board) => board.order.length === 0);
  const more = useBoard((board) => board.more);
  return (
    <>
      {state === "loading" && <p className="soft">{say("board.loading")}</p>}
      {state === "failed" && (
        <p className="banner warn" role="alert">
          {say("board.failed")}
        </p>
      )}
      {state === "ready" && isEmpty && <Empty />}
      {more && (
        <div>
          <Button onClick={() => void board.loadMore()}>{say("board.more")}</Button>
        </div>
      )}
    </>
  );
}

function Empty() {
  const say = useRecruiterWords();
  const { interviewId, status, q, only, change } = useFilter();
  const filtered = interviewId !== "" || status !== "" || q !== "" || only !== "";
  return (
    <div className="card stack tight">
      <h2>{say(filtered ? "board.none" : "board.empty")}</h2>
      {filtered ? (
        <div>
          <Button onClick={() => change({ interviewId: "", status: "", q: "", only: "" })}>
            {say("board.clear")}
          </Button>
        </div>
      ) : (
        <>
          <p className="soft">{say("board.emptyHow")}</p>
          <p>
            <a href="/recruiter?view=interviews">{say("board.emptyWay")}</a>
          </p>
        </>
      )}
    </div>
  );
}
