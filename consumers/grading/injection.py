"""Attempts of an answer to instruct the grader. They are told to the recruiter and never cost a point by themselves.

Ordinary answers speak of rules to ignore, maximum scores and reviewers too: every pattern asks for more than a word.
"""

import re
import unicodedata
from dataclasses import dataclass

FLAG = "grader_instructions"

_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])

_GRADER = r"(?:ai |automated |automatic )?(?:grader|grading (?:system|model|bot|assistant)|evaluator|examiner|scorer)"
_MODEL = rf"(?:{_GRADER}|(?:ai|language) model|ai assistant|llm|chatgpt|gpt)"
_IGNORE = r"(?:ignore|disregard|forget|override|do not follow|don't follow)"
_ORDERS = r"(?:instructions?|prompts?|rubrics?|criteria|guidelines?|directions?)"
_FULL = r"(?:full|max(?:imum)?|perfect|highest|top|100 ?%?|10/10)"
_MARKS = r"(?:marks?|points?|scores?|credits?|grades?|ratings?)"
_THIS = r"(?:me|us|it|this|my|the (?:answer|candidate|submission|response|solution|student))"

_PATTERNS = {
    "overrides": [
        rf"\b{_IGNORE}\b[^.\n]{{0,40}}\b{_ORDERS}\b",
        rf"\b{_IGNORE}\b[^.\n]{{0,20}}\b(?:previous|prior|above|earlier|preceding|your)\b[^.\n]{{0,20}}\brules?\b",
        rf"\b(?:new|updated|revised|real|actual) {_ORDERS}\s*:",
        r"\b(?:ignorier\w*|vergiss|vergessen sie|missachte\w*)\b[^.\n]{0,40}\b(?:anweisung\w*|vorgabe\w*)\b",
        r"\b(?:ignor[aeo]\w*|olvida\w*|oublie\w*|dimentica\w*)\b[^.\n]{0,40}\b(?:instruc\w+|istruzioni|consignes)\b",
        r"(?:игнорируй|забудь|не обращай)[^.\n]{0,40}(?:инструкци|указани)",
        r"(?:忽略|无视|無視|忘记)[^。\n]{0,20}(?:指令|指示|说明|規則|规则)",
    ],
    "addresses": [
        rf"\b(?:dear|attention|hey|hello|hi|(?:note|message|instructions?) (?:to|for))\W+(?:the\s+)?{_MODEL}\b",
        rf"\b(?:you are|act as|pretend to be)\b[^.\n]{{0,20}}\b{_MODEL}\b",
        r"\byou are now (?:an?|the|in|acting|free)\b|\bfrom now on,? you\b",
        rf"\b(?:the )?(?:{_GRADER}|(?:ai|language) model) (?:must|should|shall|has to|is (?:required|instructed) to)\b",
    ],
    "demands": [
        rf"\b(?:give|award|grant|assign|rate|mark|score|grade)\b\s+{_THIS}\b[^.\n]{{0,40}}\b{_FULL}(?:\s+{_MARKS}|\b)",
        rf"\b(?:give|award|grant|assign)\b[^.\n]{{0,10}}\b{_FULL}\s+{_MARKS}\b[^.\n]{{0,20}}\b(?:{_THIS}|answer)\b",
        rf"\b{_FULL}\s+{_MARKS}\s+(?:for|to|on)\s+(?:this|my|the)\s+(?:answer|question|submission|response|solution)\b",
        rf"\b(?:mark|grade|score|rate|treat|consider|accept)\b\s+{_THIS}\b[^.\n]{{0,30}}\bas (?:fully |completely )?correct\b",
        r"\b(?:gib|geben sie|vergib|vergeben sie)\b[^.\n]{0,40}\b(?:volle|maximale|höchst)\w*\s+(?:punkt|bewertung|note)\w*",
        r"\b(?:dame|otorga|asigna|donnez?|mets|assegna|dammi)\b[^.\n]{0,40}\b(?:punt\w+|points?|note|nota)\s+m[áa]xim\w*",
        r"\b(?:donnez?|mets|accorde)\b[^.\n]{0,40}\b(?:note maximale|tous les points|maximum de points)",
        r"(?:поставь|дай)[^.\n]{0,30}(?:максимальн|высш)",
        r"(?:给|給|打)[^。\n]{0,10}(?:满分|滿分|最高分)",
    ],
    "imitates": [
        r"<\|?(?:im_start|im_end|system|endoftext|assistant|user)\|?>",
        r"\[/?(?:inst|sys|system)\]|<</?sys>>",
        r"^\W{0,6}(?:system|assistant|developer)\s+(?:message|prompt|override)\b",
        rf"^\W{{0,6}}(?:system|assistant|developer)\s*:.{{0,80}}\b(?:you|{_MARKS}|graders?|grading|instructions?)\b",
        r"</?(?:question|reference|criteria|answer|candidate[_ -]answer)(?:-[0-9a-f]{4,})?\s*>",
        r"\"(?:criterion_\d+|judgement|addresses_grader|overall_feedback)\"\s*:",
        r"\bend of (?:the )?(?:candidate'?s? )(?:answer|submission)\b",
    ],
}  # fmt: skip
_COMPILED = {
    kind: re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE) for kind, patterns in _PATTERNS.items()
}


@dataclass(frozen=True, slots=True)
class Attempts:
    """What was seen, as the recruiter is told it: words on the session and in the feedback."""

    signs: tuple[str, ...]

    @property
    def flags(self) -> tuple[str, ...]:
        """Words for the session."""
        return (FLAG,) if self.signs else ()

    @property
    def feedback(self) -> dict[str, list[str]]:
        """What is added to the answer's feedback."""
        return {FLAG: list(self.signs)} if self.signs else {}


def look(answer: str, *, seen_by_model: bool = False) -> Attempts:
    """Look for attempts in an answer; none in an ordinary one."""
    text = unicodedata.normalize("NFKC", answer).translate(_INVISIBLE)
    seen = [kind for kind, pattern in _COMPILED.items() if pattern.search(text)]
    return Attempts((*seen, "seen_by_model") if seen_by_model else tuple(seen))
