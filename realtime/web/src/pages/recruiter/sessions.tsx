import { useEffect } from "react";
import { recruiterApi } from "../../api/recruiter";
import { useBoard, type Board } from "../../board/board";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { Detail } from "./detail";
import { Filters } from "./filters";
import { SessionRow } from "./session-row";
import { useMedia } from "../../ui/use-media";
import { useFilter, useOpenSession } from "./use-filter";
import { saveBlob } from "../../ui/save-blob";

export function Sessions({ board }: { board: Board }) {
  const say = useRecruiterWords();
  const filter = useFilter();
  const [open, setOpen] = useOpenSession();
  const { interviewId, status, q, sort } = filter;
  const covered = !useMedia("(min-width: 72rem)");
  useEffect(() => {
    document.title = `${say("board.title")} · Interlock`;
  });
  useEffect(() => {
    void board.load({ interviewId, status, q, sort });
  }, [board, interviewId, status, q, sort]);
  const save = (): void => {
    void recruiterApi.csv(interviewId).then((blob) => saveBlob(blob, "interlock-sessions.csv"));
  };
  return (
    <div className="board" data-open={open !== null || undefined}>
      <div className="stack board-list" inert={open !== null && covered}>
        <div className="row">
          <h1 id="sessions">{say("board.title")}</h1>
          <Button look="quiet" className="push" onClick={save}>
            {say("board.export")}
          </Button>
        </div>
        <Filters />
        <List board={board} open={open} onOpen={setOpen} />
      </div>
      {open !== null && <Detail key={open} id={open} onClose={() => setOpen(null)} />}
    </div>
  );
}

interface ListProps {
  board: Board;
  open: string | null;
  onOpen: (id: string) => void;
}

function List({ board, open, onOpen }: ListProps) {
  const say = useRecruiterWords();
  const state = useBoard((board) => board.state);
  const order = useBoard((board) => board.order);
  const more = useBoard((board) => board.cursor !== null);
  const columns = [
    "candidate",
    "status",
    "interview",
    "question",
    "left",
    "connection",
    "score",
    "activity",
  ] as const;
  return (
    <div className="stack">
      <div className="table-frame" tabIndex={-1}>
        <table className="sessions" aria-labelledby="sessions">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" data-column={column}>
                  {say(`column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {order.map((id) => (
              <SessionRow key={id} id={id} open={id === open} onOpen={onOpen} />
            ))}
          </tbody>
        </table>
      </div>
      {state === "loading" && <p className="soft">{say("board.loading")}</p>}
      {state === "failed" && (
        <p className="banner warn" role="alert">
          {say("board.failed")}
        </p>
      )}
      {state === "ready" && order.length === 0 && <Empty />}
      {more && (
        <div>
          <Button onClick={() => void board.loadMore()}>{say("board.more")}</Button>
        </div>
      )}
    </div>
  );
}

function Empty() {
  const say = useRecruiterWords();
  const { interviewId, status, q, change } = useFilter();
  const filtered = interviewId !== "" || status !== "" || q !== "";
  return (
    <div className="card stack tight">
      <h2>{say(filtered ? "board.none" : "board.empty")}</h2>
      {filtered ? (
        <div>
          <Button onClick={() => change({ interviewId: "", status: "", q: "" })}>{say("board.clear")}</Button>
        </div>
      ) : (
        <p className="soft">{say("board.emptyHow")}</p>
      )}
    </div>
  );
}
