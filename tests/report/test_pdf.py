"""The PDF, read back with libraries that had no part in writing it."""

from __future__ import annotations

import errno
import io
import itertools
import re
import resource as limits
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdf
import pypdfium2
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.report.made import DRAWN, MARKS, SCRIPTS, content, noise, picture, poppler, turn, words_of
from viewer.answer.answer import Answer, AnswerState
from viewer.answer.ending import state_words
from viewer.marks.mark import MarkKind
from viewer.picture.png import encode_png
from viewer.problem import ProblemError
from viewer.report.content import ReportContent, ReportMark, ReportTurn
from viewer.report.pdf import pdf_bytes, write_pdf

ENDINGS = [state for state in AnswerState if state.ended and state is not AnswerState.COMPLETE]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """One whole report."""
    path = tmp_path / "report.pdf"
    write_pdf(content(turn()), path)
    return path


def written(tmp_path: Path, made: ReportContent) -> Path:
    path = tmp_path / "made.pdf"
    write_pdf(made, path)
    return path


def test_everything_a_reader_must_find_is_in_the_text(page: Path) -> None:
    text = words_of(page)
    for words in (
        "For information, not a diagnosis", "A question about a picture: Lower back, MRI", "Scan of 12 March 2024.",
        "Asked on 21 November 2026 at 14:32.", "Name, birth date and clinic are not in this file.", "1 of 72 pictures",
        "Only the framed part was sent.", "all 15 pictures of 2 more sets",
        "Claude Example (claude-example-1), Anthropic. The answer is complete.", "What the AI saw", "10 mm",
        "What are the light bands between the bones?", "Between the bones lie the discs.", "the model's own summary",
        "I look at the discs from top to bottom.", "no diagnosis and no second opinion", "The exact words sent",
        "These words are always the same.", "the exact words sent stand on page 2", "Page 1 of 2", "Kind of scan",
        "Drawn by the reader. The AI did not see them.", *(mark.words for mark in MARKS),
    ):  # fmt: skip
        assert words in text, words


TABLE = "Levels:\n\n| Level | **Bright**? |\n|---|---|\n| L4/L5 | yes, *#strong[very]* |\n| L5/S1 | 少し |\n\nAsk your doctor."


def test_a_table_in_an_answer_is_a_tagged_table(tmp_path: Path) -> None:
    path = written(tmp_path, content(turn(TABLE)))
    text = words_of(path)
    for words in ("Levels:", "Level", "Bright?", "yes, #strong[very]", "L5/S1", "少し", "Ask your doctor."):
        assert words in text, words
    assert "|---" not in text
    with pikepdf.open(path) as pdf:
        kinds = [str(item.get("/S")) for item in pdf.objects if isinstance(item, pikepdf.Dictionary)]
    assert (kinds.count("/Table"), kinds.count("/TH"), kinds.count("/TD")) == (1, 2, 4)


LISTS = "1. bones\n   - **discs**\n     - water\n   - nerves\n2. vessels\n\nBetween.\n\n10. tenth\n- a dot\n\n## Left"


def test_a_list_in_an_answer_is_a_tagged_list_with_its_own_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, content(turn(LISTS)))
    assert "1. bones • discs • water • nerves 2. vessels Between. 10. tenth • a dot Left" in words_of(path)
    with pikepdf.open(path) as pdf:
        tags = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/StructElem"]
        kinds = [str(tag.S) for tag in tags]
        within = {(str(tag.S), str(tag.P.S)) for tag in tags if "/P" in tag and "/S" in tag.P}
    assert kinds.count("/LI") == 7
    assert kinds.count("/L") == 5
    assert {("/LI", "/L"), ("/Lbl", "/LI"), ("/LBody", "/LI")} <= within
    assert "/H3" in kinds


@pytest.mark.parametrize("columns", [2, 6, 9, 12])
def test_the_words_of_a_table_stay_in_their_columns(columns: int, tmp_path: Path) -> None:
    words = [f"Bandscheibenvorfall{letter}" for letter in "abcdefghijkl"[:columns]]
    row = f"| {' | '.join(words)} |"
    path = written(tmp_path, content(turn(f"{row}\n{'|--' * columns}|\n{row}\n{row}"), pictures=()))
    boxes = re.findall(
        r'xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)" yMax="[0-9.]+">([^<]*)<',
        poppler("pdftotext", path, "-bbox", "-l", "1"),
    )
    lines: dict[str, list[tuple[float, float]]] = {}
    for left, top, right, _ in boxes:
        lines.setdefault(top, []).append((float(left), float(right)))
    for spans in lines.values():
        ordered = sorted(spans)
        assert all(before[1] <= after[0] + 0.1 for before, after in itertools.pairwise(ordered))
        assert ordered[-1][1] <= 595.28 - 42.5 + 0.5


def test_a_column_of_short_words_leaves_room_for_sentences(tmp_path: Path) -> None:
    told = "The disc is a little lower than the others."
    path = written(tmp_path, content(turn(f"| Level | Finding |\n|--|--|\n| L4/L5 | {told} |")))
    assert told in poppler("pdftotext", path)


@pytest.mark.parametrize("script", SCRIPTS)
def test_text_of_every_script_can_be_searched(tmp_path: Path, script: str) -> None:
    said = SCRIPTS[script]
    asked = ReportTurn(said, Answer(AnswerState.COMPLETE, text=f"**{said}**\n\n- {said}"), words_sent=(said,))
    path = written(tmp_path, content(asked, with_name=said, facts=((said, said),)))
    assert words_of(path).count(said) >= 6
    with closing(pypdfium2.PdfDocument(path)) as second:
        assert said in " ".join(second[0].get_textpage().get_text_range().split())


@pytest.mark.parametrize("script", list(DRAWN)[:4])
def test_text_of_these_scripts_is_found_by_one_reader_at_least(tmp_path: Path, script: str) -> None:
    said = DRAWN[script]
    assert said in words_of(written(tmp_path, content(turn(said))))


def test_every_font_is_embedded_in_part_and_tells_its_characters(tmp_path: Path) -> None:
    path = written(tmp_path, content(turn("\n\n".join((*SCRIPTS.values(), *DRAWN.values())))))
    rows = poppler("pdffonts", path).splitlines()[2:]
    assert len({row.split()[0] for row in rows}) >= 21
    for row in rows:
        assert re.search(r" yes yes yes +\d+ +0$", row), row
        assert re.match(r"[A-Z]{6}\+Noto", row), row


HOSTILE = (
    '#import "@preview/cetz:0.3.0": *',
    '#read("/etc/passwd") #image("/etc/hostname")',
    "= Heading *bold* _slanted_ `code` $x^2$ <label> @reference",
    "\\u{41} \\ // comment /* comment */ [content] #[",
    '"},"title":"other',
    "<script>alert(1)</script> [press](https://example.invalid/x)",
)


@pytest.mark.parametrize("said", HOSTILE)
def test_words_are_never_markup(tmp_path: Path, said: str) -> None:
    asked = ReportTurn(said, Answer(AnswerState.COMPLETE, text="fine"), model=said, words_sent=(said,))
    path = written(tmp_path, content(asked, study_name=said, with_name=said, facts=((said, said),)))
    text = words_of(path).replace(" ", "")
    assert text.count(said.replace(" ", "")) >= 5
    with pikepdf.open(path) as pdf:
        assert not any("/A" in annotation for p in pdf.pages for annotation in p.get("/Annots", []))


def test_a_long_word_is_found_and_copied_whole(tmp_path: Path) -> None:
    address = "https://example.invalid/" + "a-part-of-a-long-address/" * 2
    path = written(tmp_path, content(turn(f"See {address} there."), study_name=address))
    text = poppler("pdftotext", path)
    assert "\u200b" not in text
    assert address in text


def test_a_number_never_touches_what_it_counts(tmp_path: Path) -> None:
    marks = tuple(replace(MARKS[1], words=f"{n}.5 mm, in the patient") for n in range(150))
    path = written(tmp_path, content(turn(), pictures=(picture(marks=marks),)))
    raw = poppler("pdftotext", path, "-raw")
    assert "102 101.5 mm, in the patient" in raw
    assert "1: 23.1 mm" in raw  # on the picture, where "1 23.1 mm" could be read as one number
    boxes = poppler("pdftotext", path, "-bbox")
    edges = {word: (float(left), float(right)) for left, right, word in WORD.findall(boxes)}
    assert edges["101.5"][0] - edges["102"][1] > 1.5  # points


def spread(count: int) -> tuple[ReportMark, ...]:
    """Marks near one another, at the edges and in the corner of the bar, with words."""
    rng = np.random.default_rng(count)
    kinds = (MarkKind.ARROW, MarkKind.LENGTH, MarkKind.ELLIPSE, MarkKind.RECTANGLE, MarkKind.TEXT)
    ends = rng.uniform((0, 0, -9, -9), (49, 43, 9, 9), (count, 4))
    return tuple(
        ReportMark(kinds[n % 5], ((x, y), (x + dx, y + dy))[: 1 if n % 5 == 4 else 2], f"{100 + n}.5 mm words", f"w{n}")
        for n, (x, y, dx, dy) in enumerate(ends.tolist())
    )


@pytest.mark.parametrize("count", [3, 12, 40])
@pytest.mark.parametrize("size", [(44, 50), (60, 30)])
def test_no_words_on_a_picture_lie_on_others(count: int, size: tuple[int, int], tmp_path: Path) -> None:
    shown = picture(noise(*size), marks=spread(count))
    path = written(tmp_path, content(pictures=(shown,)))
    rows = re.findall(
        r'xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)" yMax="([0-9.]+)">([^<]+)<',
        poppler("pdftotext", path, "-bbox", "-l", "1"),
    )
    places = [(*map(float, row[:4]), row[4]) for row in rows]
    near = [place for place in places if 100 < place[1] < 450]  # the picture, and what stands beside it
    assert sum("mm" in place[4] for place in near) >= 3
    for one, other in itertools.combinations(near, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[1], other[1])
        alone = count >= 40 and (one[4].rstrip(":").isdecimal() or other[4].rstrip(":").isdecimal())
        assert across < 1 or down < 5 or alone, (one, other)


WORD = re.compile(r'xMin="([0-9.]+)" yMin="[0-9.]+" xMax="([0-9.]+)" yMax="[0-9.]+">([^<]+)</word>')


def test_each_answer_of_a_talk_says_who_gave_it_where_there_were_several(tmp_path: Path) -> None:
    first, second = (
        turn(),
        replace(turn("Half of it", AnswerState.CUT_OFF), model="Other (other-2)", provider="Elsewhere"),
    )
    text = words_of(written(tmp_path, content(first, second)))
    assert (
        "Claude Example (claude-example-1), Anthropic. Other (other-2), Elsewhere. 1 of 2 answers are complete." in text
    )
    assert "Asked on 21 November 2026 at 14:32. Answered by Claude Example (claude-example-1), Anthropic." in text
    assert "Answered by Other (other-2), Elsewhere." in text
    alike = words_of(written(tmp_path, content(first, first)))
    assert "Claude Example (claude-example-1), Anthropic. All answers are complete." in alike
    assert "Answered by Claude" not in alike.replace(
        "Answered by Claude Example (claude-example-1), Anthropic. All", ""
    )


def test_a_table_in_arabic_begins_at_the_right(tmp_path: Path) -> None:
    path = written(tmp_path, content(turn("| العظام | Zwei |\n|---|---|\n| الفقرة | Drei |")))
    boxes = poppler("pdftotext", path, "-bbox")
    edges = {word: float(left) for left, _, word in WORD.findall(boxes)}
    assert edges["Drei"] < 200  # points: the first column lies at the right, the second at the left


def test_controls_and_direction_tricks_do_not_reach_the_page(tmp_path: Path) -> None:
    said = "before\x00\x07\x1b[31m\u202egnp.exe\u2066 after\ufeff"
    path = written(tmp_path, content(turn(said)))
    assert "before[31mgnp.exe after" in words_of(path)


def test_a_character_without_a_glyph_stands_as_a_box_and_is_counted(tmp_path: Path) -> None:
    path = written(tmp_path, content(turn("a rune \u16a0 and another \u16a1")))
    text = words_of(path)
    assert "a rune □ and another □" in text
    assert "2 characters cannot be printed and stand as □." in text
    assert "\x00" not in poppler("pdftotext", path)


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_come_back_sample_for_sample(tmp_path: Path, channels: int) -> None:
    pixels = noise() if channels == 1 else np.stack([noise(seed=seed) for seed in (1, 2, 3)], axis=-1)
    path = written(tmp_path, content(turn(), pictures=(picture(pixels),)))
    with pikepdf.open(path) as pdf:
        images = [image for p in pdf.pages for image in p.get_images().values()]
        assert len(images) == 1
        assert images[0].Filter == "/FlateDecode"
        assert images[0].read_bytes() == pixels.tobytes()
        assert "/SMask" not in images[0]
    assert "jpeg" not in poppler("pdfimages", path, "-list")


def test_the_file_is_tagged_and_its_metadata_hold_no_name(tmp_path: Path) -> None:
    path = written(tmp_path, content(turn(), with_name="Zebedee Quux", language="de"))
    assert b"Zebedee" not in path.read_bytes()
    assert "Name: Zebedee Quux." in words_of(path)
    with pikepdf.open(path) as pdf:
        assert pdf.Root.Lang == "de"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        kinds = {str(o.S) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/StructElem"}
        assert {"/H1", "/H2", "/P", "/Figure"} <= kinds
        alts = [str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
        assert alts == ["A slice of the lower back from the side"]
        assert {str(key): re.sub(r"\.\d+$", "", str(value)) for key, value in pdf.docinfo.items()} == {
            "/Title": "Sidelight report",
            "/Creator": "Typst 0.15",
        }
        assert "Quux" not in str(pdf.open_metadata())
        assert "CreateDate" not in str(pdf.open_metadata())


def test_equal_content_gives_equal_bytes() -> None:
    assert pdf_bytes(content(turn())) == pdf_bytes(content(turn()))
    assert pdf_bytes(content(turn())) != pdf_bytes(content(turn("Another answer.")))


@pytest.mark.parametrize("state", ENDINGS)
def test_an_answer_that_is_not_complete_says_so_in_words(tmp_path: Path, state: AnswerState) -> None:
    text = words_of(written(tmp_path, content(turn("Half an ans", state))))
    first = {"cut_off": "Cut off", "broken": "Broken off", "timed_out": "Timed out"}.get(
        state, state.value.capitalize()
    )
    assert "This answer is not complete. Half an ans The answer ends here. " + first + ":" in text
    assert "The answer is not complete." in text
    assert "The answer is complete." not in text


def test_an_answer_that_never_came_says_so(tmp_path: Path) -> None:
    text = words_of(written(tmp_path, content(turn("", AnswerState.FAILED))))
    assert "No answer came." in text
    assert "The answer ends here." not in text


@pytest.mark.parametrize("text", ["", "Half an ans"])
@pytest.mark.parametrize("state", [state for state in AnswerState if not state.ended])
def test_an_answer_that_is_still_coming_is_not_told_as_one_that_failed(
    tmp_path: Path, state: AnswerState, text: str
) -> None:
    words = words_of(written(tmp_path, content(turn(text, state))))
    assert "The answer was still coming when this was saved." in words
    assert ("Half an ans The answer ends here." in words) == bool(text)
    assert "No answer came." not in words
    assert f"{state_words(Answer(state)).first}:" not in words


def test_a_conversation_keeps_its_order_and_repeats_no_words(tmp_path: Path) -> None:
    first = turn("The first answer.")
    again = ReportTurn("And this one?", Answer(AnswerState.COMPLETE, text="The second answer."),
                       words_sent=(*first.words_sent, "The first answer.", "And this one?"))  # fmt: skip
    text = words_of(written(tmp_path, content(first, again)))
    places = [text.index(words) for words in ("Question 1", "The first answer.", "Question 2", "The second answer.")]
    assert places == sorted(places)
    assert "The first 3 texts above again, then:" in text
    assert text.count("These words are always the same.") == 1


def test_a_report_without_any_answer_promises_none(tmp_path: Path) -> None:
    text = words_of(written(tmp_path, content(pictures=(picture(seen=None),), not_looked_at="")))
    assert "A picture: Lower back, MRI" in text
    assert "These pages hold pictures and values worked out by a computer program." in text
    for absent in ("Question", "Answered by", "What the AI saw", "words sent", "The AI did not"):
        assert absent not in text


def painted(path: Path) -> NDArray[np.int64]:
    """The first page at 144 dots per inch, (rows, columns, 3), as poppler paints it."""
    target = path.with_suffix("")
    poppler("pdftoppm", path, "-r", "144", "-f", "1", "-l", "1", "-singlefile", into=target)
    data = target.with_suffix(".ppm").read_bytes()
    width, height = (int(word) for word in data.split(maxsplit=3)[1:3])
    return np.frombuffer(data[-width * height * 3 :], np.uint8).reshape(height, width, 3).astype(np.int64)


@pytest.mark.parametrize("kind", [MarkKind.RECTANGLE, MarkKind.ELLIPSE])
@pytest.mark.parametrize("size", [(100, 100), (40, 300), (300, 40)])
def test_a_mark_lies_where_it_was_drawn(tmp_path: Path, kind: MarkKind, size: tuple[int, int]) -> None:
    height, width = size
    x, y = width // 2, height // 2
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[y : y + 4, x : x + 4] = (255, 0, 255)
    mark = ReportMark(kind, ((x - 6.0, y - 6.0), (x + 9.0, y + 9.0)))
    shown = picture(pixels, letters=None, scale=None, seen=None, marks=(mark,))
    sheet = painted(written(tmp_path, content(pictures=(shown,))))[:, : round((15 + 106) / 25.4 * 144)]
    red, green, blue = sheet[..., 0], sheet[..., 1], sheet[..., 2]
    spot = np.nonzero((red > 150) & (green < 90) & (blue > 150))
    yellow = np.nonzero((red > 190) & (green > 140) & (blue < 150) & (blue > 40))
    dots = min(106 / width, 118 / height) / 25.4 * 144  # per pixel of the picture
    for axis in (0, 1):
        start = spot[axis].min()
        assert spot[axis].max() + 1 - start == pytest.approx(4 * dots, abs=3)
        assert yellow[axis].max() == pytest.approx(start + 9.5 * dots, abs=3)
    assert yellow[1].min() == pytest.approx(spot[1].min() - 5.5 * dots, abs=3)


def test_words_without_a_space_stay_on_the_page(tmp_path: Path) -> None:
    marks = [ReportMark(MarkKind.TEXT, ((1.0, 1.0),), "m", word) for word in ("\u16a0" * 25, "W" * 30, "n" * 39)]
    content_ = content(turn("x" * 3000), study_name="y" * 190, pictures=(picture(marks=tuple(marks)),))
    path = written(tmp_path, content_)
    boxes = poppler("pdftotext", path, "-bbox")
    ends = [float(number) for number in re.findall(r'xMax="([0-9.]+)"', boxes)]
    assert max(ends) <= 595.28 - 42.5 + 0.5


def test_an_endless_answer_is_cut_and_says_so(tmp_path: Path) -> None:
    text = words_of(written(tmp_path, content(turn("So it goes on. " * 10_000))))
    assert "more characters are not printed.]" in text


def test_a_talk_of_more_than_a_hundred_questions_is_taken_along_whole(tmp_path: Path) -> None:
    before = tuple(f"Text {number}." for number in range(404))
    turns = [
        ReportTurn(f"Question of turn {number}?", Answer(AnswerState.COMPLETE, "", "So.")) for number in range(103)
    ]
    turns[101:] = [replace(turns[101], words_sent=before), replace(turns[102], words_sent=(*before, "And why?"))]
    text = words_of(written(tmp_path, content(*turns, pictures=())))
    assert all(f"Question of turn {number}?" in text for number in range(103))
    assert "The first 404 texts above again, then: And why?" in text


def test_too_many_pictures_are_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as refused:
        write_pdf(content(pictures=(picture(),) * 41), tmp_path / "x.pdf")
    assert refused.value.problem.code == "pdf_too_large"
    assert list(tmp_path.iterdir()) == []


WHOLE = encode_png(noise())
DAMAGED = (
    b"",
    b"GIF89a" + bytes(40),
    WHOLE[:8],
    WHOLE[:60],
    WHOLE[:-30],
    WHOLE[:200] + bytes([WHOLE[200] ^ 1]) + WHOLE[201:],
    WHOLE + b"more",
)


@pytest.mark.parametrize("png", DAMAGED)
def test_a_picture_that_is_none_is_refused_in_plain_words(tmp_path: Path, png: bytes) -> None:
    with pytest.raises(ProblemError) as refused:
        write_pdf(content(pictures=(picture(png=png),)), tmp_path / "x.pdf")
    assert refused.value.problem.code == "pdf_not_composed"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", [float("nan"), float("inf"), -1e30])
def test_a_mark_at_no_place_is_refused(tmp_path: Path, place: float) -> None:
    mark = ReportMark(MarkKind.ARROW, ((place, 1.0), (2.0, 2.0)))
    with pytest.raises(ProblemError):
        write_pdf(content(pictures=(picture(marks=(mark,)),)), tmp_path / "x.pdf")


def test_no_room_on_the_disk_leaves_the_old_file_and_no_half_one(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"the old one")
    soft, hard = limits.getrlimit(limits.RLIMIT_FSIZE)
    limits.setrlimit(limits.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(ProblemError) as refused:
            write_pdf(content(turn()), path)
    finally:
        limits.setrlimit(limits.RLIMIT_FSIZE, (soft, hard))
    assert refused.value.problem.code == "pdf_disk_full"
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_places_that_cannot_be_written_end_in_a_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "folder.pdf" / "inside").write_bytes(b"")
    cases = {
        tmp_path / "absent" / "x.pdf": "pdf_place_missing",
        tmp_path / "file" / "x.pdf": "pdf_place_missing",
        tmp_path / "folder.pdf": "pdf_not_written",
        tmp_path / ("n" * 300 + ".pdf"): "pdf_not_written",
        tmp_path / "nul\0.pdf": "pdf_not_written",
        Path("/proc/x.pdf"): "pdf_place_missing",
    }
    before = sorted(tmp_path.iterdir())
    for path, code in cases.items():
        with pytest.raises(ProblemError) as refused:
            write_pdf(content(turn()), path)
        assert refused.value.problem.code == code, path
        assert "/" not in refused.value.problem.text
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "pdf_not_allowed"),
        (errno.EROFS, "pdf_not_allowed"),
        (errno.EDQUOT, "pdf_disk_full"),
        (errno.EIO, "pdf_not_written"),
    ],
)
def test_a_failing_disk_is_named_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(number, "simulated")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(ProblemError) as refused:
        write_pdf(content(turn()), tmp_path / "x.pdf")
    assert refused.value.problem.code == code
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60), st.text(max_size=5))
def test_no_text_can_stop_a_page(said: str, name: str, language: str) -> None:
    asked = ReportTurn(said, Answer(AnswerState.STOPPED, text=said, reasoning=name), name, name, name, (said, name))
    mark = ReportMark(MarkKind.TEXT, ((3.0, 4.0),), said, name)
    made = content(asked, pictures=(picture(marks=(mark,), caption=said, alt=name),), with_name=name, language=language)
    assert is_made_to_be_read_aloud(pdf_bytes(replace(made, facts=((name, said),), notice=said)))


def is_made_to_be_read_aloud(pdf: bytes) -> bool:
    """Whether it says of itself that it follows PDF/UA-1: where the standard refuses a report it is written without."""
    with pikepdf.open(io.BytesIO(pdf)) as read, read.open_metadata() as told:
        return str(told.get("pdfuaid:part")) == "1"


@pytest.mark.parametrize("name", ["", " ", "\u200b"])
def test_a_picture_without_words_of_its_own_is_read_aloud_as_a_picture(name: str, tmp_path: Path) -> None:
    with pikepdf.open(written(tmp_path, content(turn(), pictures=(picture(caption=name, alt=name),)))) as pdf:
        told = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert told == ["A picture of the scan"]


def test_a_report_is_not_lost_where_it_cannot_be_made_as_the_standard_for_reading_aloud_wants_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compile_ = typst.compile

    def strict(template: str, **options: Any) -> Any:
        if options["pdf_standards"]:
            raise typst.TypstError("PDF/UA-1 error: missing alt text", "")
        return compile_(template, **options)

    monkeypatch.setattr(typst, "compile", strict)
    assert not is_made_to_be_read_aloud(pdf_bytes(content(turn())))


def test_an_export_replaces_the_file_that_was_there(page: Path) -> None:
    write_pdf(content(turn("A newer answer.")), page)
    assert "A newer answer." in words_of(page)
    assert list(page.parent.iterdir()) == [page]


def test_marks_are_drawn_not_painted(page: Path) -> None:
    with pikepdf.open(page) as pdf:
        operators = [str(instruction.operator) for instruction in pikepdf.parse_content_stream(pdf.pages[0])]
    assert operators.count("Do") == 1
    assert sum(operators.count(stroke) for stroke in ("S", "s", "B", "b")) >= 20


def test_pages_are_a4_with_the_footer_on_each(tmp_path: Path) -> None:
    path = written(tmp_path, content(turn("A paragraph of some length. " * 60 + "\n\n" + "Another one. " * 900)))
    reader = pypdf.PdfReader(path)
    assert len(reader.pages) >= 3
    for number, sheet in enumerate(reader.pages, 1):
        assert [round(float(edge)) for edge in sheet.mediabox[2:]] == [595, 842]
        assert f"Page {number} of {len(reader.pages)}" in sheet.extract_text()
        assert "For information, not a diagnosis" in sheet.extract_text()


def test_no_page_ends_with_words_that_lead_to_the_next(tmp_path: Path) -> None:
    turns = [turn("So it goes on. " * (5 + 7 * n % 40), AnswerState.CUT_OFF) for n in range(60)]
    path = written(tmp_path, content(*turns))
    for page in poppler("pdftotext", path, "-layout").split("\f")[:-1]:
        *_, last, _ = [line.strip() for line in page.splitlines() if line.strip()]
        leads = re.match(r"Asked on|This answer is not complete|(Question|Answer) \d+$|How it reasoned", last)
        assert not leads, last


def test_several_pictures_all_come_along(tmp_path: Path) -> None:
    pictures = tuple(picture(noise(seed=seed), alt=f"picture {seed}") for seed in range(4))
    path = written(tmp_path, content(turn(), pictures=pictures))
    with pikepdf.open(path) as pdf:
        found = [image.read_bytes() for p in pdf.pages for image in p.get_images().values()]
        alts = sorted(str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o)
    assert sorted(found) == sorted(noise(seed=seed).tobytes() for seed in range(4))
    assert alts == [f"picture {seed}" for seed in range(4)]
    numbers = [int(row) for row in re.findall(r"^(\d+)\s+rectangle", poppler("pdftotext", path, "-layout"), re.M)]
    assert numbers[-4:] == list(itertools.islice(itertools.count(4, 5), 4))


@pytest.mark.parametrize("asked", [True, False])
def test_a_mark_is_listed_with_the_picture_it_is_on(asked: bool, tmp_path: Path) -> None:
    pictures = (picture(marks=(), caption="Picture 6 of 38."), picture(noise(seed=2), caption="Picture 37 of 38."))
    path = written(tmp_path, content(*((turn(),) if asked else ()), pictures=pictures))
    text = words_of(path)
    beside, _, listed = text.rpartition("Marks by the reader")
    assert not [mark.words for mark in MARKS if mark.words in beside]
    assert listed.index("Picture 37 of 38.") < min(listed.index(mark.words) for mark in MARKS)
    assert "Picture 6 of 38." not in listed
