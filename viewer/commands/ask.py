"""`sidelight ask PATH --series ID --question TEXT …`: the same door, consent and ledger as in the window."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import NO_RECORD, NOBODY_THERE, said_words, state_words, waiting_words
from viewer.commands.ending import let_go_of_output
from viewer.commands.numbers import whole
from viewer.commands.render import add_slice_arguments, chosen_index, open_series
from viewer.commands.say import Sessions, check_names, check_places, fail, files_among, say_error, write_file
from viewer.disclosure.frame import Disclosure
from viewer.disclosure.show import preview_rows
from viewer.document.changes import RegionChosen
from viewer.document.model import ChosenRegion, PaneView, SentPicture, Turn
from viewer.geometry.plane import Plane
from viewer.picture.look import Region
from viewer.problem import ProblemError, problem
from viewer.text.plain import for_terminal
from viewer.text.translate import tr
from viewer.usecases.loop import Loop
from viewer.usecases.session import Session

COMPLETE, NOT_SENT, NOT_COMPLETE = 0, 2, 3
TELLS_THAT_NOTHING_LEFT = (NOBODY_THERE | NO_RECORD) - {"ask_address_wrong"}  # whose sentence does not


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("path", help="folder, ZIP or file")
    add_slice_arguments(parser)
    parser.add_argument(
        "--region", nargs=4, type=whole, metavar=("X0", "Y0", "X1", "Y1"),
        help="ask about this part only: columns X0 to X1, rows Y0 to Y1 of the slice, from 0, the second not included",
    )  # fmt: skip
    parser.add_argument("--question", required=True, metavar="TEXT", help="what you want to know")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--provider", metavar="NAME", help="who answers: anthropic, or address (the one set in Settings)")
    who.add_argument("--base-url", metavar="URL", help="another address that speaks the Messages API")
    parser.add_argument("--model", metavar="ID", help="which model answers")
    parser.add_argument(
        "--key-style", choices=["bearer", "x-api-key"], default="bearer", help="how that address takes the key"
    )
    parser.add_argument("--yes", action="store_true", help="send without showing what leaves and asking")
    parser.add_argument("--dry-run", metavar="DIR", help="write the exact request and pictures there; send nothing")
    parser.add_argument("--pdf", metavar="FILE", help="write the report")
    parser.add_argument("--json", metavar="FILE", help="write the answer and how it ended; - prints this alone")


def run(options: argparse.Namespace, sessions: Sessions) -> int:
    """Exit 0 complete, 3 any other ending, 2 when nothing was sent."""
    check_names(options.dry_run, options.json, options.pdf)  # a forgotten name must not turn a trial into a sending
    loop = Loop()
    session = sessions(loop)
    try:
        session.setup.choose_once(options.provider, options.base_url, options.model, options.key_style)
        choose_slice(options, session, loop)
        check_places(session, options.dry_run, options.json, options.pdf)
        check_folders(options.json, options.pdf)
        disclosure = loop.result(session.prepare(options.question))
        if options.dry_run is not None:
            return dry_run(disclosure, Path(options.dry_run))
        check_key(session)
        screen = sys.stderr if options.json == "-" else sys.stdout  # that prints the answer's JSON alone
        if not options.yes and not agreed(disclosure, screen):
            say_error(tr("Nothing was sent."))
            return NOT_SENT
        return send(options, session, loop, disclosure)
    finally:
        session.close()
        say_unkept(session)


def say_unkept(session: Session) -> None:
    """Why what was asked will not be there the next time; known for certain once the session is closed."""
    turns = [turn for talk in session.store.state.conversations.items for turn in talk.turns]
    trouble = session.archive_problem
    if turns and trouble is not None and trouble != turns[-1].answer.problem:
        fail(trouble)


def choose_slice(options: argparse.Namespace, session: Session, loop: Loop) -> None:
    """Show the slice as the window would, so that what is asked about is what is on screen."""
    series, source = open_series(options, session, loop)
    plane = Plane(options.plane)
    index = chosen_index(options, series, source, plane)
    session.arrange((PaneView(series.id, source.group, plane, index),))
    if options.region:
        x0, y0, x1, y1 = options.region
        rows, columns = source.slice(plane, index).values.shape[:2]
        if not (0 <= x0 < x1 <= columns and 0 <= y0 < y1 <= rows):
            raise ProblemError(problem("region_outside", columns=columns, rows=rows))
        region = ChosenRegion(series.id, source.group, plane, index, Region(x0, y0, x1, y1))
        session.store.dispatch(RegionChosen(region))


def check_key(session: Session) -> None:
    """Whether it can be sent; where a key is missing the sentence is for the terminal. Raises ProblemError."""
    try:
        session.setup.check_ready()
    except ProblemError as failure:
        if failure.problem.code != "key_missing":
            raise
        raise ProblemError(problem("key_missing_here")) from failure


def check_folders(*names: str | None) -> None:
    """A folder that is not there is told before anything leaves, and not once the answer has been paid for. Raises
    ProblemError."""
    for path in files_among(names):
        if not path.parent.is_dir():
            raise ProblemError(problem("cannot_write_file", str(path)))


def dry_run(disclosure: Disclosure, folder: Path) -> int:
    """The exact request body and pictures as files; nothing is sent."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise ProblemError(problem("cannot_write_file", str(folder))) from failure
    write_file(str(folder / "request.json"), disclosure.body)
    for number, frame in enumerate(disclosure.frames, 1):
        write_file(str(folder / f"picture-{number}.png"), frame.png)
    print(for_terminal(tr("Nothing was sent. The request and its pictures are in the folder you named.")))
    return COMPLETE


def agreed(disclosure: Disclosure, screen: TextIO | None) -> bool:
    """Show on `screen` what would leave and ask; anything but a clear yes is a no."""
    lines = [tr("This is what will leave this computer:")]
    lines += [f"  {label}: {words}" for label, words in preview_rows(disclosure)]
    lines.append(tr("The exact words that go along:"))
    lines += ["  " + words.replace("\n", "\n  ") for words in disclosure.words]
    lines += [disclosure.not_sent, *disclosure.warnings]
    for line in lines:
        print(for_terminal(line), file=screen)
    if sys.stdin is None:
        return False
    print(tr("Send this? Type yes to send: "), end="", file=screen, flush=True)
    try:
        return input().strip().lower() in ("yes", "y", tr("yes"))
    except EOFError:
        return False


def send(options: argparse.Namespace, session: Session, loop: Loop, disclosure: Disclosure) -> int:
    """Send, stream to the terminal, write JSON and PDF whatever the ending."""
    turn_id = session.send(disclosure, session.consent(disclosure))
    printer = Printer(silent=options.json == "-")
    try:
        loop.run_until(lambda: printer.show(turn_of(session, turn_id).answer))
    except KeyboardInterrupt:
        session.stop()
        printer.show(turn_of(session, turn_id).answer)
    turn = turn_of(session, turn_id)
    printer.close()
    first, sentence = session.end_words(turn.answer)
    more = tr("More came than is shown here; this is its beginning.") if turn.answer.hidden else ""
    is_sent = has_left(session, turn)
    nothing = "" if is_sent or code_of(turn) in TELLS_THAT_NOTHING_LEFT else tr("Nothing was sent.")
    say_error(" ".join(part for part in (f"{first}.", nothing, sentence, said_words(turn.answer), more) if part))
    written = write_all(options, session, loop, turn)
    if printer.has_no_room:
        fail(problem("cannot_print"))
    if not is_sent:
        return NOT_SENT
    done = turn.answer.state is AnswerState.COMPLETE and written and not printer.has_no_room
    return COMPLETE if done else NOT_COMPLETE


def has_left(session: Session, turn: Turn) -> bool:
    """Whether a byte of the question left: not where nobody picked up, or who did could not prove who they are, nor
    where there is no record of it; where the records cannot be read, not if none could be made."""
    if code_of(turn) in NOBODY_THERE:
        return False
    try:
        return any(row["turn_id"] == turn.id for row in session.ledger_rows())
    except ProblemError as failure:
        fail(failure.problem)
        return code_of(turn) not in NO_RECORD


def code_of(turn: Turn) -> str:
    """The code of what went wrong with its answer, "" for nothing."""
    return turn.answer.problem.code if turn.answer.problem is not None else ""


def write_all(options: argparse.Namespace, session: Session, loop: Loop, turn: Turn) -> bool:
    """Both files, each also where the other cannot be written; the answer has been printed whatever happens here."""
    tasks: list[Callable[[], object]] = []
    if options.json:
        tasks.append(lambda: write_file(options.json, answer_json(turn)))
    if options.pdf:
        talk = session.store.state.view.conversation
        tasks.append(lambda: loop.result(session.take_along.pdf(Path(options.pdf), talk)))
    done = [is_done(task) for task in tasks]  # each, also after one that failed
    return all(done)


def is_done(task: Callable[[], object]) -> bool:
    """Do it; where it cannot be done say why."""
    try:
        task()
    except ProblemError as failure:
        fail(failure.problem)
        return False
    return True


def turn_of(session: Session, turn_id: str) -> Turn:
    """The turn with this id."""
    return next(t for talk in session.store.state.conversations.items for t in talk.turns if t.id == turn_id)


class Printer:
    """Prints what is new of a growing answer. What left cannot be called back, so that an output that is closed or full
    ends the printing and not the answer: its files are written all the same."""

    def __init__(self, silent: bool = False) -> None:
        self._reasoning = self._text = 0
        self._waiting = 0
        self._silent = silent
        self.has_no_room = False

    def show(self, answer: Answer) -> bool:
        """Print the news; whether the answer has ended."""
        if answer.reasoning and not self._reasoning:
            self._put(tr("How it reasoned (the model's own summary):") + "\n")
        self._put(answer.reasoning[self._reasoning :])
        if answer.text and not self._text:
            self._put((tr("\nAnswer:") if self._reasoning or answer.reasoning else tr("Answer:")) + "\n")
        self._put(answer.text[self._text :])
        self._reasoning, self._text = len(answer.reasoning), len(answer.text)
        if answer.state is AnswerState.WAITING and answer.attempts != self._waiting:
            self._waiting = answer.attempts
            say_error(waiting_words(answer.wait_seconds))
        return answer.state.ended

    def close(self) -> None:
        """End the last line, where there is one."""
        if self._reasoning or self._text:
            self._put("\n")

    def _put(self, text: str) -> None:
        if not text or self._silent or sys.stdout is None:
            return
        try:
            sys.stdout.write(for_terminal(text))
            sys.stdout.flush()
        except OSError as failure:
            self._silent = True
            self.has_no_room = not isinstance(failure, BrokenPipeError)
            let_go_of_output()


def answer_json(turn: Turn) -> bytes:
    """The JSON file of one question."""
    answer, usage = turn.answer, turn.answer.usage
    row = {
        "state": answer.state.value,
        "question": turn.question,
        "reasoning": answer.reasoning,
        "answer": answer.text,
        "shortened": answer.hidden,
        "frames": [frame_row(sent) for sent in turn.sent],
        "model": answer.model or turn.model,
        "provider": turn.provider,
        "base_url": turn.base_url,
        "usage": {name: getattr(usage, name) for name in usage.__slots__},
        "request_id": answer.request_id or None,
        "problem": problem_words(turn),
        "body_sha256": turn.body_sha256,
        "asked_at": turn.asked_at,
    }
    return (json.dumps(row, indent=1, ensure_ascii=False) + os.linesep).encode("utf-8")


def frame_row(sent: SentPicture) -> dict[str, object]:
    """One picture that left; `sha256` is of its PNG bytes."""
    region = sent.region
    return {
        "sha256": sent.sha256,
        "width": sent.width,
        "height": sent.height,
        "series": sent.series_id,
        "plane": sent.plane.value,
        "group": sent.group,
        "index": sent.index,
        "region": None if region is None else [region.x0, region.y0, region.x1, region.y1],
    }


def problem_words(turn: Turn) -> str | None:
    """A plain sentence where the state is not complete."""
    if turn.answer.problem is not None:
        return turn.answer.problem.text
    return None if turn.answer.state is AnswerState.COMPLETE else state_words(turn.answer).sentence
