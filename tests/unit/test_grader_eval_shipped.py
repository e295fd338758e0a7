"""The answers and attacks that we ship: enough of every kind, each said once, and scored as the rubric has it."""

from collections import Counter
from typing import get_args

import pytest

from consumers.grading import injection, keywords
from consumers.grading.evaluation import answers, attacks
from consumers.grading.evaluation.answers import Kind, Rated, Rating, WrittenAnswer
from consumers.grading.evaluation.attacks import AttackKind, Attacks
from consumers.grading.questions import Mcq, ShortAnswer, is_unanswered
from realtime.contracts import files
from realtime.usecases.demo import DEMO_INTERVIEW_FILE

RATED_FILE = DEMO_INTERVIEW_FILE.with_suffix(".answers.yaml")


@pytest.fixture(scope="module")
def rating() -> Rating:
    return answers.read(RATED_FILE)


@pytest.fixture(scope="module")
def written() -> tuple[WrittenAnswer, ...]:
    return files.read(
        answers.WrittenAnswers, RATED_FILE.read_text("utf-8"), name=RATED_FILE.name
    ).value.answers


@pytest.fixture(scope="module")
def shipped() -> Attacks:
    return attacks.read(None)


def folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def test_there_are_answers_of_every_kind_to_every_question(rating: Rating) -> None:
    assert len(rating.answers) >= 120
    of_question = Counter(one.question_index for one in rating.answers)
    assert of_question.keys() == set(range(6))
    for index in of_question:
        kinds = {one.kind for one in rating.answers if one.question_index == index}
        question = next(one.question for one in rating.answers if one.question_index == index)
        assert kinds >= ({"good", "wrong", "empty"} if isinstance(question, Mcq) else set(get_args(Kind)))


def test_every_text_is_said_once(rating: Rating) -> None:
    texts = Counter(
        (one.question_index if is_unanswered(one.question, one.answer) else None, folded(one.answer))
        for one in rating.answers
    )
    assert [text for text, count in texts.items() if count > 1] == []


def test_every_score_can_be_disputed(written: tuple[WrittenAnswer, ...], rating: Rating) -> None:
    """That the points follow from shares and keywords, reading has made sure of."""
    for one, rated in zip(written, rating.answers, strict=True):
        assert one.why, one.id
        assert (one.shares is None) == isinstance(rated.question, Mcq), one.id
        assert (one.keywords is None) != isinstance(rated.question, ShortAnswer), one.id
        assert round(one.score, 2) == one.score, one.id


def test_a_kind_is_what_it_says(rating: Rating) -> None:
    for one in rating.answers:
        assert (one.kind == "empty") == is_unanswered(one.question, one.answer), one.id
        share = one.score / one.question.points
        if one.kind in {"empty", "off_topic"}:
            assert share <= 0.25, one.id
        if one.kind == "good":
            assert share >= 0.7, one.id


def test_a_keyword_that_stands_there_is_one_that_a_person_has_found(
    written: tuple[WrittenAnswer, ...], rating: Rating
) -> None:
    for one, rated in zip(written, rating.answers, strict=True):
        if isinstance(rated.question, ShortAnswer):
            standing = keywords.find(rated.answer, rated.question.keywords).found
            assert set(standing) <= set(one.keywords or ()), one.id


def test_no_answer_is_taken_for_an_attack(rating: Rating) -> None:
    assert {one.id: signs for one in rating.answers if (signs := injection.look(one.answer).signs)} == {}


def test_there_are_attacks_of_every_kind(shipped: Attacks) -> None:
    assert len(shipped.attacks) >= 60
    kinds = Counter(attack.kind for attack in shipped.attacks)
    assert kinds.keys() == set(get_args(AttackKind))
    assert min(kinds.values()) >= 3
    assert {attack.place for attack in shipped.attacks} == {"before", "after", "instead"}
    texts = Counter(folded(attack.text) for attack in shipped.attacks)
    assert [text for text, count in texts.items() if count > 1] == []


def test_an_attack_brings_no_keyword_and_so_no_points_of_its_own(rating: Rating, shipped: Attacks) -> None:
    weak = attacks.weak_answers(rating.answers)
    assert [one.question_index for one in weak] == [2, 3, 4, 5]
    for ride in attacks.rides(shipped.attacks, weak):
        if isinstance(ride.weak.question, ShortAnswer):
            expected = ride.weak.question.keywords
            brought = set(keywords.find(ride.answer, expected).found)
            assert brought <= set(keywords.find(ride.weak.answer, expected).found), ride.id


def test_what_attacks_ride_on_leaves_room_to_gain(rating: Rating) -> None:
    def share(one: Rated) -> float:
        return one.score / one.question.points

    assert max(share(one) for one in attacks.weak_answers(rating.answers)) <= 0.3
