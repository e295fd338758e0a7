"""No key, rubric or unopened question ever reaches a candidate: every byte of a whole session is searched."""

from typing import Any

import pytest

from tests.contract.test_forms import body, join, let_time_pass, started
from tests.contract.watch import Watch
from tests.integration.node import Node, Person

# What a key is called, and what stands in one; neither has any business with a candidate.
WORDS = (
    "correct_answer", "expected_keywords", "sample_answer", "sample_solution", "evaluation_criteria",
    "CANARY", "rubric", "feedback", "final_score",
)  # fmt: skip
KEY, DECOYS = "OPTION-ALDER", ("OPTION-BIRCH", "OPTION-CEDAR")

QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "type": "mcq",
        "question_text": "TEXT-0",
        "time_limit": 60,
        "points": 10,
        "options": [DECOYS[0], KEY, DECOYS[1]],
        "correct_answer": KEY,
    },
    {
        "type": "short_answer",
        "question_text": "TEXT-1",
        "time_limit": 60,
        "points": 10,
        "expected_keywords": ["CANARY-KEYWORD"],
        "sample_answer": "CANARY-SAMPLE",
    },
    {
        "type": "code",
        "question_text": "TEXT-2",
        "time_limit": 60,
        "points": 10,
        "language": "python",
        "starter_code": "pass",
        "sample_solution": "CANARY-SOLUTION",
        "evaluation_criteria": ["CANARY-CRITERION"],
    },
    {
        "type": "short_answer",
        "question_text": "TEXT-3",
        "time_limit": 60,
        "points": 10,
        "expected_keywords": ["CANARY-LAST"],
    },
)


@pytest.mark.parametrize("pacing", ["self_paced", "scheduled"])
async def test_no_key_in_any_byte_that_a_candidate_receives(
    watch: Watch, node: Node, candidate: Person, recruiter: Person, pacing: str
) -> None:
    interview_id = await node.interview(recruiter, *QUESTIONS, pacing=pacing)
    await node.invite(recruiter, interview_id, candidate, max_attempts=2)
    await watch.ok("GET", "/api/interviews/available", candidate)
    session = await started(watch, candidate, str(interview_id))
    path, steer = f"/api/interviews/{session['id']}", f"/api/recruiter/sessions/{session['id']}"
    await watch.refused(422, "invalid_body", "POST", f"{path}/answers", candidate, json=body(0, "no option"))
    tab = await watch.open(candidate, "/candidate")
    joined = await join(tab, session["id"])
    mine = {"session_id": session["id"], "lock_token": joined["lock_token"]}
    await tab.next("tick")
    nothing_leaked(watch, candidate, opened=1)

    await tab.call("submit_answer", **mine, question_index=0, answer=DECOYS[0], time_expired=False)
    if pacing == "scheduled":
        nothing_leaked(watch, candidate, opened=1)  # accepted, but the next one has not opened
        await watch.ok("GET", "/api/interviews/active", candidate)
        nothing_leaked(watch, candidate, opened=1)
        await let_time_pass(node, session["id"], seconds=60)
        await watch.ok("GET", "/api/interviews/active", candidate)
    await watch.ok("POST", f"{steer}/extend", recruiter, json={"seconds": 30, "reason": "A slow machine"})
    await tab.next("deadline_changed")
    nothing_leaked(watch, candidate, opened=2)
    await tab.call("save_draft", **mine, question_index=1, revision=1, answer="a draft")
    await let_time_pass(node, session["id"], seconds=95)  # over the limit, the extension and the grace
    await tab.next("question_expired", question_index=1)
    await watch.ok("GET", "/api/interviews/active", candidate)

    await watch.ok("POST", f"{steer}/message", recruiter, json={"text": "Two more"})
    await tab.next("message")
    again = await watch.open(candidate, "/candidate")
    await join(again, session["id"], takeover=True)
    await watch.ok("POST", f"{steer}/terminate", recruiter, json={"reason": "Enough"})
    await again.next("session_terminated")
    await watch.ok("GET", "/api/interviews/history", candidate)
    nothing_leaked(watch, candidate, opened=3)


def nothing_leaked(watch: Watch, who: Person, *, opened: int) -> None:
    """Check all that the candidate has received so far, while `opened` questions have opened."""
    received = watch.received(who)
    assert [word for word in WORDS if word in received] == []
    assert [index for index in range(len(QUESTIONS)) if f"TEXT-{index}" in received] == list(range(opened))
    # the key is one option among several, and comes up as often as those that nobody chose
    assert received.count(KEY) == received.count(DECOYS[1]) > 0
