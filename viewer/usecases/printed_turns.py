"""A question with its answer as it is printed: who answered, when, what of the picture was sent and what was looked at."""

from __future__ import annotations

from viewer.document.model import Turn
from viewer.report.content import ReportTurn
from viewer.text.dates import iso_words
from viewer.text.translate import tr
from viewer.usecases.looked_at import has_left, looked_at_words

HIDDEN = "The service sent more than is printed here."


def report_turn(turn: Turn) -> ReportTurn:
    """One question with its answer and what it was about."""
    model = turn.model_name if turn.model_name == turn.model else f"{turn.model_name} ({turn.model})"
    return ReportTurn(
        question=turn.question,
        answer=turn.answer,
        provider=turn.provider_name,
        model=model,
        asked_at=iso_words(turn.asked_at),
        words_sent=turn.words if has_left(turn) else (),
        looked_at=looked_at_words(turn),
        looked_at_note=sent_words(turn),
    )


def sent_words(turn: Turn) -> str:
    """What of the picture was sent, and as how many pixels; and where more of the answer came than is shown."""
    return " ".join(part for part in (_sent_part(turn), tr(HIDDEN) if turn.answer.hidden else "") if part)


def _sent_part(turn: Turn) -> str:
    if not turn.sent:
        return ""
    if not has_left(turn):
        return tr("Nothing was sent.")
    sent = turn.sent[0]
    size = tr("{w} × {h} pixels", w=sent.width, h=sent.height)
    if sent.region is None:
        return tr("The whole picture was sent: {size}.", size=size)
    return tr("Only the framed part was sent: {size}.", size=size)
