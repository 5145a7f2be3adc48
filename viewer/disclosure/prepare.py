"""The one door: everything that leaves for one question is made here, as bytes, before anyone is asked to agree.

Nothing of a header can pass: the pictures are pixels written by our own PNG writer, the words about them come from the
closed vocabulary of `picture.describe`, and the only free text is what the person typed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from viewer.answer.body import body_bytes
from viewer.answer.picture_size import is_taken_as_it_is
from viewer.answer.price import PRICED_HOST, Estimate, elsewhere, estimate
from viewer.disclosure.frame import Consent, DisclosedFrame, Disclosure, PastTurn, Recipient
from viewer.disclosure.message import Conversation, conversation, request_fields, words_in
from viewer.disclosure.warnings import warnings_for
from viewer.geometry.plane import Plane
from viewer.index.model import FrameRef
from viewer.index.spot import spot_of
from viewer.picture.describe import SIDE_WORDS, UNITS, PictureDescription
from viewer.picture.look import Picture, Region
from viewer.picture.png import encode_png
from viewer.picture.scan import BodyRegion
from viewer.problem import ProblemError, problem
from viewer.text.plain import plain
from viewer.text.resources import resource
from viewer.text.translate import count_of, tr

PROMPT = "ask-v1.md"
MAX_QUESTION = 8_000  # characters
MAX_PICTURES = 20  # above that the service takes only smaller ones
MAX_PNG = 3_700_000  # bytes; 5 MB as base64
MAX_BODY = 32_000_000  # bytes
FACES = (BodyRegion.HEAD,)
READERS = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nb": "Norwegian",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChosenPicture:
    """A picture the person chose, rendered at the size to send, and where it came from (the latter stays here)."""

    picture: Picture
    description: PictureDescription
    series_id: str
    plane: Plane
    index: int
    group: int = 0
    region: Region | None = None
    frame: FrameRef | None = None
    writing_likely: bool = False  # see `warnings.writing_is_likely`


def prepare(
    pictures: tuple[ChosenPicture, ...],
    question: str,
    recipient: Recipient,
    past: tuple[PastTurn, ...] = (),
    *,
    pictures_on_disc: int,
    language: str = "en",
) -> Disclosure:
    """All that leaves for `question` about `pictures`, earlier turns included.

    Raises ProblemError: question_missing, question_too_long, no_picture_chosen, too_many_pictures,
    picture_too_large_to_send, request_too_large.
    """
    asked = _checked_question(question)
    new = _frames(pictures, recipient)
    talk = conversation(recipient, past, new, [*_reader(language), asked])
    _check_frames(talk.frames, recipient)
    system = resource("prompts", PROMPT).read_text("utf-8").strip()
    fields = request_fields(recipient, system, talk.messages)
    body, words = _body(fields), words_in(fields)
    return Disclosure(
        recipient=recipient,
        frames=talk.frames,
        question=asked,
        system_words=system,
        words=words,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        estimate=_cost(recipient, talk, words),
        not_sent=_not_sent(talk.frames, new, pictures_on_disc),
        warnings=_warnings(pictures, recipient, talk),
        past=past,
    )


def _body(fields: dict[str, Any]) -> bytes:
    body = body_bytes(fields)
    if len(body) > MAX_BODY:
        raise ProblemError(problem("request_too_large"))
    return body


def give_consent(disclosure: Disclosure, now: str) -> Consent:
    """The person's yes, given at `now` (ISO 8601 with zone), to exactly these bytes to exactly this address."""
    return Consent(disclosure.sha256, disclosure.recipient.base_url, now)


def _checked_question(question: str) -> str:
    asked = plain(question, MAX_QUESTION + 1).strip()
    if not asked:
        raise ProblemError(problem("question_missing"))
    if len(asked) > MAX_QUESTION:
        raise ProblemError(problem("question_too_long", most=MAX_QUESTION))
    return asked


def _reader(language: str) -> list[str]:
    """For a short question whose language cannot be told; closed table, nothing for English."""
    name = READERS.get(language.replace("-", "_").split("_")[0].lower())
    return [f"The person reads {name}."] if name else []


def _frames(pictures: Sequence[ChosenPicture], recipient: Recipient) -> tuple[DisclosedFrame, ...]:
    if len(pictures) > MAX_PICTURES:
        raise ProblemError(problem("too_many_pictures", most=MAX_PICTURES))
    return tuple(_frame(chosen, number, len(pictures), recipient) for number, chosen in enumerate(pictures, 1))


def _frame(chosen: ChosenPicture, number: int, count: int, recipient: Recipient) -> DisclosedFrame:
    height, width = chosen.picture.pixels.shape[:2]
    _check_size(width, height, recipient)
    png = encode_png(chosen.picture.pixels)
    return DisclosedFrame(
        png=png,
        sha256=hashlib.sha256(png).hexdigest(),
        width=width,
        height=height,
        words=f"Picture {number} of {count}, {width} × {height} pixels. {_closed(chosen.description).words}",
        series_id=chosen.series_id,
        plane=chosen.plane,
        index=chosen.index,
        group=chosen.group,
        region=chosen.region,
        frame=chosen.frame,
        to_slice=tuple(float(value) for value in chosen.picture.to_slice.ravel()),
    )


def _closed(description: PictureDescription) -> PictureDescription:
    """The two fields that a type does not close; raises ValueError (a bug) when something else got into them."""
    edges = description.edges or ()
    if description.unit not in {"", *UNITS} or not all(set(letters) <= SIDE_WORDS.keys() for letters in edges):
        raise ValueError("a word that is not in the closed vocabulary")
    return description


def _check_size(width: int, height: int, recipient: Recipient) -> None:
    """A larger picture would be made smaller by the service, and would not be the one agreed to."""
    if not is_taken_as_it_is(width, height, recipient.image_tier):
        raise ProblemError(problem("picture_too_large_to_send"))


def _check_frames(frames: Sequence[DisclosedFrame], recipient: Recipient) -> None:
    if not frames:
        raise ProblemError(problem("no_picture_chosen"))
    if len(frames) > MAX_PICTURES:
        raise ProblemError(problem("too_many_pictures", most=MAX_PICTURES))
    for frame in frames:
        _check_size(frame.width, frame.height, recipient)
        if len(frame.png) > MAX_PNG:
            raise ProblemError(problem("picture_too_large_to_send"))


def _cost(recipient: Recipient, talk: Conversation, words: Sequence[str]) -> Estimate:
    sizes = [(frame.width, frame.height) for frame in talk.frames]
    guess = estimate(recipient.model, sizes, words[1:], recipient.max_tokens, words[0])
    if recipient.host == PRICED_HOST:
        return guess
    return replace(guess, words=elsewhere(is_local=recipient.is_local), low_dollars=None)


def _not_sent(frames: Sequence[DisclosedFrame], new: Sequence[DisclosedFrame], pictures_on_disc: int) -> str:
    # A cross-section is none of the disc's pictures; of an earlier picture that is no longer known, so it counts.
    gone = {f.frame or spot_of(f) for f in frames if f.frame or f not in new}
    kept = max(0, pictures_on_disc - len(gone))
    left = [tr("name, birth date, clinic, file names, dates")]
    if any(frame.region for frame in frames):
        left.append(tr("the rest of the picture"))
    if kept and gone:
        left.append(count_of(kept, "the other picture", "the other {n} pictures"))
    elif kept:
        left.append(count_of(kept, "the picture on the disc itself", "the {n} pictures on the disc themselves"))
    return tr("Not sent: {things}.", things=", ".join(left))


def _warnings(pictures: Sequence[ChosenPicture], recipient: Recipient, talk: Conversation) -> tuple[str, ...]:
    writing = any(chosen.writing_likely for chosen in pictures)
    face = any(
        chosen.description.region in FACES and chosen.description.plane is not Plane.AXIAL for chosen in pictures
    )
    return warnings_for(recipient, writing, face, again=len(talk.messages) > 1)
