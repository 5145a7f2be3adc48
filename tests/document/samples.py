"""Small invented states for the tests of the store and the archive."""

from __future__ import annotations

from viewer.answer.answer import Answer, AnswerState, Usage
from viewer.document.model import PaneView, SentPicture, Turn
from viewer.geometry.plane import Plane
from viewer.index.model import Account, DiscIndex, FrameRef
from viewer.marks.mark import Anchor, Mark, MarkKind


def disc(root: str = "/somewhere/CD", key: str = "k1") -> DiscIndex:
    """A disc without studies: enough for the store."""
    return DiscIndex(root, key, (), Account())


def mark(name: str, kind: MarkKind = MarkKind.LENGTH, x: float = 1.0, **fields: object) -> Mark:
    """A mark on the third picture of s1."""
    anchor = Anchor("s1", "1.2.3", Plane.NATIVE, 2, 0, FrameRef("1.2.3.4", 1))
    return Mark(name, kind, anchor, ((x, 2.0), (3.0, 4.5)), ((x, 2.0, 7.5), (3.0, 4.5, 7.5)), **fields)  # type: ignore[arg-type]


def turn(name: str, answer: Answer | None = None, sha256: str = "a" * 64) -> Turn:
    """A question about one picture."""
    sent = SentPicture(sha256, 512, 384, "Picture 3 of 20, from the side.", "s1", Plane.NATIVE, 2)
    return Turn(
        name, "2026-11-21T10:00:00+01:00", "What is the bright round thing?", (sent,), "anthropic", "Anthropic",
        "https://api.anthropic.com", "model-1", "Model One", "b" * 64, ("System words", "Question words"),
        answer or Answer(), 20, "about 1 cent",
    )  # fmt: skip


def complete(text: str = "A made-up capsule.") -> Answer:
    """A whole answer with blocks that must come back byte for byte."""
    blocks = '[{"type":"thinking","thinking":"","signature":"ab+/=="},{"type": "text",\n "text":"\\u00e4 ä 🙂"}]'
    return Answer(AnswerState.COMPLETE, "It is round.", text, "model-1", Usage(900, 40), "req_1", None, blocks)


def panes(count: int = 3) -> tuple[PaneView, ...]:
    """Panes of one series."""
    planes = (Plane.NATIVE, Plane.CORONAL, Plane.AXIAL)
    return tuple(PaneView("s1", 0, planes[number % 3], number) for number in range(count))
