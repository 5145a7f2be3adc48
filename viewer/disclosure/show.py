"""What the preview page and the terminal say about a Disclosure: the same rows and the same words for both."""

from __future__ import annotations

from dataclasses import dataclass

from viewer.disclosure.frame import Disclosure, Recipient
from viewer.text.dates import month_words
from viewer.text.plain import one_line
from viewer.text.translate import count_of, tr

ON_THIS_COMPUTER = "a program on this computer; whether that program passes it on cannot be seen from here"


@dataclass(frozen=True, slots=True)
class ExactWords:
    """The texts that leave: `now` belong to this question, `always` are the same for every question."""

    now: tuple[str, ...]
    always: str

    @property
    def more(self) -> str:
        """How much never changes: "456 words"."""
        return count_of(len(self.always.split()), "{n} word", "{n} words")


def preview_rows(disclosure: Disclosure) -> tuple[tuple[str, str], ...]:
    """(label, words) in order: Picture, Your question, Goes to, Answered by, Cost, Settings."""
    to = disclosure.recipient
    return (
        (tr("Picture"), _picture(disclosure)),
        (tr("Your question"), f"“{one_line(disclosure.question, 400)}”"),
        (tr("Goes to"), _goes_to(to)),
        (tr("Answered by"), _answered_by(to)),
        (tr("Cost"), _cost(disclosure)),
        (tr("Settings"), _settings(to)),
    )


def exact_words(disclosure: Disclosure) -> ExactWords:
    """Every text in the body, split into what is new and what never changes."""
    return ExactWords(disclosure.words[1:], disclosure.system_words)


def _picture(disclosure: Disclosure) -> str:
    parts = sum(1 for frame in disclosure.frames if frame.region)
    count = len(disclosure.frames)
    if count == 1:
        what = tr("1 part of 1 picture") if parts else tr("1 picture")
        return tr("{what}, {size}, as shown, pixel for pixel", what=what, size=_size(disclosure))
    return tr("{size}, as shown, pixel for pixel", size=_size(disclosure))


def _size(disclosure: Disclosure) -> str:
    """ "480 × 512 pixels, 198 KB" for one picture; the number and the sum for several."""
    frames = disclosure.frames
    weight = f"{max(1, round(sum(len(frame.png) for frame in frames) / 1000))} KB"
    if len(frames) == 1:
        return tr("{width} × {height} pixels, {weight}", width=frames[0].width, height=frames[0].height, weight=weight)
    return tr("{count} pictures, {weight}", count=len(frames), weight=weight)


def _goes_to(to: Recipient) -> str:
    if to.is_local:
        way = tr(ON_THIS_COMPUTER)
    elif to.base_url.lower().startswith("https://"):
        way = tr("encrypted on the way")
    else:
        way = tr("not encrypted on the way")
    host = one_line(to.host)
    name = "" if host.startswith(to.name) else one_line(to.name)  # an address has no other name than its host
    return ", ".join(part for part in (name, host, way) if part)


def _answered_by(to: Recipient) -> str:
    if not to.model_name or to.model_name == to.model:
        return one_line(to.model)
    return f"{one_line(to.model_name)} ({one_line(to.model)})"


def _cost(disclosure: Disclosure) -> str:
    guess = disclosure.estimate
    if guess.low_dollars is None:
        return tr("{words}; about {tokens} tokens go out", words=guess.words, tokens=guess.input_tokens)
    month = month_words(guess.priced_on)
    return tr("{words}, charged to your own account; prices of {month}", words=guess.words, month=month)


def _settings(to: Recipient) -> str:
    words = tr("answer of at most {tokens} tokens", tokens=to.max_tokens)
    return words + tr(", with a summary of the reasoning") if to.wants_reasoning else words
