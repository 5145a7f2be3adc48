"""Reports to test with, and what independent readers (poppler, pikepdf, pypdf) find in a PDF."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from viewer.answer.answer import Answer, AnswerState
from viewer.geometry.plane import Letters
from viewer.marks.mark import MarkKind
from viewer.picture.look import ScaleBar
from viewer.picture.png import encode_png
from viewer.report.content import ReportContent, ReportMark, ReportPicture, ReportTurn

SCRIPTS = {
    "Latin": "Žluťoučký kůň, façade, Größe: officially fluffy affairs",
    "Greek": "Τι είναι οι φωτεινές ζώνες ανάμεσα στα οστά;",
    "Cyrillic": "Что за светлые полосы между костями? Їжак",
    "Chinese": "骨头之间的亮带是什么？",
    "Japanese": "骨の間の明るい帯は何ですか。",
    "Korean": "뼈 사이의 밝은 띠는 무엇입니까?",
    "Arabic": "ما هي الأشرطة الفاتحة بين العظام؟",
    "Hebrew": "מה הם הפסים הבהירים בין העצמות",
    "Thai": "แถบสว่างระหว่างกระดูกคืออะไร",
    "Georgian": "რა არის ეს ნათელი ზოლები ძვლებს შორის?",
    "Armenian": "Ի՞նչ են այս լուսավոր շերտերը ոսկորների միջև։",
    "Bengali": "হাড়ের মাঝখানে এই উজ্জ্বল দাগগুলি কী?",
    "Tamil": "எலும்புகளுக்கு இடையே உள்ள இந்த பிரகாசமான கோடுகள் என்ன?",
    "Telugu": "ఎముకల మధ్య ఈ ప్రకాశవంతమైన చారలు ఏమిటి?",
    "Kannada": "ಮೂಳೆಗಳ ನಡುವೆ ಈ ಪ್ರಕಾಶಮಾನವಾದ ಪಟ್ಟಿಗಳು ಯಾವುವು?",
    "Sinhala": "අස්ථි අතර ඇති මෙම දීප්තිමත් තීරු මොනවාද?",
    "Lao": "ແຖບສະຫວ່າງລະຫວ່າງກະດູກແມ່ນຫຍັງ?",
    "Ethiopic": "በአጥንቶች መካከል ያሉት እነዚህ ብሩህ መስመሮች ምንድን ናቸው?",
}

DRAWN = {  # as they should be, but not every reader of PDFs finds all of their letters in order
    "Gujarati": "હાડકાં વચ્ચે આ તેજસ્વી પટ્ટીઓ શું છે?",
    "Gurmukhi": "ਹੱਡੀਆਂ ਦੇ ਵਿਚਕਾਰ ਇਹ ਚਮਕਦਾਰ ਧਾਰੀਆਂ ਕੀ ਹਨ?",
    "Malayalam": "അസ്ഥികൾക്കിടയിലുള്ള ഈ തിളക്കമുള്ള വരകൾ എന്താണ്?",
    "Devanagari": "हड्डियों के बीच ये चमकीली धारियाँ क्या हैं?",
    "Khmer": "តើឆ្នូតភ្លឺទាំងនេះរវាងឆ្អឹងជាអ្វី?",
    "Myanmar": "အရိုးများကြားရှိ ဤတောက်ပသောအစင်းများသည် ဘာလဲ။",
}

MARKS = (
    ReportMark(MarkKind.ARROW, ((30.0, 20.0), (38.0, 25.0)), "bright stripe", "bright stripe (arrow)"),
    ReportMark(MarkKind.LENGTH, ((5.0, 5.0), (15.0, 9.0)), "23.1 mm", "23.1 mm, in the patient"),
    ReportMark(MarkKind.ELLIPSE, ((6.0, 30.0), (14.0, 36.0)), "88 ± 28", "mean value 88 ± 28, 3.1 cm²"),
    ReportMark(MarkKind.RECTANGLE, ((40.0, 1.0), (46.0, 5.0)), "", "rectangle"),
    ReportMark(MarkKind.TEXT, ((3.0, 40.0),), "a note", "a note (text)"),
)


def noise(height: int = 44, width: int = 50, seed: int = 7) -> NDArray[np.uint8]:
    """Grey pixels that no lossy coding would give back."""
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


def picture(pixels: NDArray[np.uint8] | None = None, **changes: object) -> ReportPicture:
    """A picture with letters, a bar, marks and the frame of what the AI saw."""
    made = ReportPicture(
        png=encode_png(noise() if pixels is None else pixels),
        caption="Picture 19 of 38, from the side (sagittal), T2.",
        alt="A slice of the lower back from the side",
        letters=Letters("A", "P", "H", "F"),
        scale=ScaleBar(10.0, 13.0, "10 mm"),
        marks=MARKS,
        seen=(20.0, 13.0, 36.0, 30.0),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def turn(text: str = "Between the bones lie the discs.", state: AnswerState = AnswerState.COMPLETE) -> ReportTurn:
    """One question with its answer."""
    return ReportTurn(
        question="What are the light bands between the bones?",
        answer=Answer(state, reasoning="I look at the discs from top to bottom.", text=text),
        provider="Anthropic",
        model="Claude Example (claude-example-1)",
        asked_at="21 November 2026 at 14:32",
        words_sent=(
            "These words are always the same.",
            "Picture 1 of 1.",
            "What are the light bands between the bones?",
        ),
        looked_at="1 of 72 pictures",
        looked_at_note="Only the framed part was sent.",
    )


def content(*turns: ReportTurn, **changes: object) -> ReportContent:
    """A report of one picture."""
    made = ReportContent(
        study_name="Lower back, MRI",
        scan_date="12 March 2024",
        made_at="21 November 2026",
        pictures=(picture(),),
        turns=turns,
        not_looked_at="The other 37 pictures of “From the side, T2”, and all 15 pictures of 2 more sets.",
        facts=(("Kind of scan", "MRI"), ("Thickness", "1 mm")),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def poppler(program: str, path: Path, *options: str, into: Path | str = "-") -> str:
    """What a program of poppler says about the file, or draws `into` another."""
    if not shutil.which(program):
        pytest.skip(f"{program} (Debian package poppler-utils) is not installed, so there is no second reader")
    tail = [str(into)] if program in ("pdftotext", "pdftoppm") else []
    done = subprocess.run([program, *options, str(path), *tail], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def words_of(path: Path) -> str:
    """All text as poppler takes it out, direction marks and line breaks left out."""
    text = poppler("pdftotext", path)
    return " ".join("".join(c for c in text if c not in "\u202a\u202b\u202c\u200b").split())
