import { useState } from "react";
import { Refused, Unreachable } from "../../api/errors";
import { recruiterApi } from "../../api/recruiter";
import { useBoard, type Board } from "../../board/board";
import { useRecruiterWords } from "../../i18n/recruiter";
import { Button } from "../../ui/button";
import { saveBlob } from "../../ui/save-blob";
import { setBlind, useBlind, useNames } from "./blind";
import { blindCsv, csvOf, jsonOf } from "./export";
import { tickAll, useTicked } from "./selection";
import { useFilter } from "./use-filter";

/** Above the table: how many there are, whether their order is old, and what goes for all of them. */
export function BoardBar({ board }: { board: Board }) {
  const say = useRecruiterWords();
  const { blind } = useBlind();
  const order = useBoard((board) => board.order);
  return (
    <div className="board-bar">
      <TickAll />
      <span className="soft small">{say("board.count", { count: order.length })}</span>
      <Reorder board={board} />
      <div className="row push">
        <label className="switch">
          <input
            type="checkbox"
            role="switch"
            checked={blind}
            onChange={(event) => setBlind(event.target.checked)}
          />
          <span>{say("blind.switch")}</span>
        </label>
        <Exports />
      </div>
    </div>
  );
}

function TickAll() {
  const say = useRecruiterWords();
  const order = useBoard((board) => board.order);
  const count = useTicked().length;
  const all = count > 0 && count >= order.length;
  return (
    <label className="tick">
      <input
        type="checkbox"
        checked={all}
        ref={(box) => {
          if (box) box.indeterminate = count > 0 && !all;
        }}
        disabled={order.length === 0}
        onChange={() => tickAll(all ? [] : order)}
      />
      <span className="small">{say("bulk.all")}</span>
    </label>
  );
}

/** Nothing moves under the eyes of who reads: the new order waits here. */
function Reorder({ board }: { board: Board }) {
  const say = useRecruiterWords();
  const stale = useBoard((board) => board.stale);
  const fresh = useBoard((board) => board.fresh);
  if (!stale) return null;
  return (
    <Button look="quiet" className="reorder" onClick={() => board.apply()}>
      {fresh > 0 ? say("board.fresh", { count: fresh }) : say("board.stale")}
    </Button>
  );
}

function Exports() {
  const say = useRecruiterWords();
  const { interviewId } = useFilter();
  const { blind } = useBlind();
  const nameOf = useNames();
  const [failed, setFailed] = useState(false);
  const csv = async (): Promise<void> => {
    setFailed(false);
    try {
      const file = await recruiterApi.csv(interviewId);
      saveBlob(blind ? csvOf(blindCsv(await file.text(), nameOf)) : file, "interlock-sessions.csv");
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Unreachable)) throw error;
      setFailed(true);
    }
  };
  const json = (): void => {
    const { order, rows } = useBoard.getState();
    const sessions = order.flatMap((id) => {
      const row = rows[id];
      if (row === undefined) return [];
      const { endsAt, place, ...summary } = row;
      return [{ ...summary, candidate_name: nameOf(row) }];
    });
    saveBlob(jsonOf({ sessions }), "interlock-sessions.json");
  };
  return (
    <>
      <Button look="quiet" onClick={() => void csv()}>
        {say("board.export")}
      </Button>
      <Button look="quiet" onClick={json}>
        {say("board.exportJson")}
      </Button>
      {failed && (
        <span className="small" role="alert">
          {say("board.exportFailed")}
        </span>
      )}
    </>
  );
}
