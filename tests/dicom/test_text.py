"""Text in all character sets, and names whose label is wrong."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pydicom
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data import shared_data, truth
from tests.dicom.test_read_against_pydicom import read
from viewer.dicom.charset import decode, person_name

_CHARSETS = Path(pydicom.__file__).parent / "data" / "charset_files"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("chrArab.dcm", "قباني, لنزار"),
        ("chrFren.dcm", "Buc, Jérôme"),
        ("chrGerm.dcm", "Äneas, Rüdiger"),
        ("chrGreek.dcm", "Διονυσιος"),
        ("chrH31.dcm", "Yamada, Tarou (山田 太郎 · やまだ たろう)"),
        ("chrH32.dcm", "ﾔﾏﾀﾞ ﾀﾛｳ (山田 太郎 · やまだ たろう)"),
        ("chrHbrw.dcm", "שרון, דבורה"),
        ("chrI2.dcm", "Hong, Gildong (洪 吉洞 · 홍 길동)"),
        ("chrJapMulti.dcm", "やまだ たろう"),
        ("chrJapMultiExplicitIR6.dcm", "やまだ たろう"),
        ("chrFrenMulti.dcm", "Buc, Jérôme"),
        ("chrKoreanMulti.dcm", "김희중"),
        ("chrRuss.dcm", "Люкceмбypг"),
        ("chrX1.dcm", "Wang, XiaoDong (王 小東)"),
        ("chrX2.dcm", "Wang, XiaoDong (王 小东)"),
    ],
)
def test_names_of_the_standards_examples(name: str, shown: str) -> None:
    person = read(_CHARSETS / name).person
    assert (person.name, person.name_guessed) == (shown, False)


@pytest.mark.parametrize(
    ("raw", "declared", "text"),
    [
        ("Müller".encode(), "", "Müller"),
        ("Müller".encode(), "ISO_IR 100", "Müller"),
        ("Müller".encode("latin-1"), "ISO_IR 192", "Müller"),
        ("张三".encode("gbk"), "", "张三"),
        ("郑^爽".encode("gbk"), "", "郑^爽"),  # by chance also UTF-8
        ("山田太郎".encode("shift_jis"), "ISO_IR 6", "山田太郎"),
        ("Иванова".encode("cp1251"), "", "Иванова"),
        ("Мария".encode(), "nonsense", "Мария"),
        ("Müller".encode().decode("latin-1").encode(), "ISO_IR 192", "Müller"),  # written in UTF-8 twice
        ("Иванова".encode().decode("latin-1").encode(), "ISO_IR 100", "Иванова"),
        ("Größe „A“".encode().decode("cp1252").encode(), "", "Größe „A“"),
    ],
)
def test_a_wrong_label_leads_to_a_marked_guess(raw: bytes, declared: str, text: str) -> None:
    assert decode(raw, declared) == (text, True)


NAMES = {
    "cp1251": "Иванов^Иван ПЕТРОВА^МАРИЯ Сидорова^Ольга^Петровна Шевченко^Тарас Ковальчук^Юрій Смирнов^Алексей",
    "iso8859_5": "Иванов^Иван ПЕТРОВА^МАРИЯ Кузнецов^Пётр Яковлева^Юлия",
    "koi8_r": "Иванов^Иван ПЕТРОВА^МАРИЯ Мельник^Анна Волкова^Екатерина",
    "cp1253": "Παπαδόπουλος^Γιώργος Νικολάου^Μαρία Δημητρίου^Ελένη",
    "gb18030": "张^三 李^娜 王^小明 陈^建国 诸葛^亮 司马^光",
    "big5": "王^小明 陳^建國 林^志玲",
    "shift_jis": "山田^太郎 佐藤^花子 鈴木^一郎 ヤマダ^タロウ 加藤^浩",
    "euc_jp": "山田^太郎 鈴木^一郎 小林^さくら",
    "euc_kr": "김^귀순 이^민호 박^지성 한^가인",
    "cp1255": "אברהם^כהן לוי^דוד",
    "cp1256": "محمد^علي فاطمة^أحمد",
}
WESTERN = ["Müller^Jörg", "Ångström^Åke", "Éloïse^Hélène", "GONÇALVES^JOÃO", "ÖZ^ÜNAL", "Þórðarson^Ægir", "Guðrún^Ósk"]
WESTERN += ["Sørensen^Åge", "Größe 25µm²×3°", "Schädel seitl. 30°", "TÊTE SANS IV", "Crâne ±5°", "Pâté", "Däubler^Ä"]


@pytest.mark.parametrize("codec", NAMES)
@pytest.mark.parametrize("declared", ["", "ISO_IR 100", "ISO_IR 192"])
def test_names_under_a_wrong_label_are_guessed_whatever_the_computer_wrote(codec: str, declared: str) -> None:
    names = NAMES[codec].split(" ")
    assert [decode(name.encode(codec), declared, True) for name in names] == [(name, True) for name in names]


@pytest.mark.parametrize("name", WESTERN)
def test_western_text_under_its_label_is_never_taken_for_another(name: str) -> None:
    assert decode(name.encode("latin-1"), "ISO_IR 100", "^" in name) == (name, False)
    assert decode(name.encode("latin-1"), "", "^" in name) == (name, True)


def test_signs_of_windows_in_western_text_are_read() -> None:
    assert decode("Patient’s “best” – scan".encode("cp1252"), "ISO_IR 100")[0] == "Patient’s “best” – scan"


@given(st.binary(min_size=1, max_size=24), st.sampled_from(["", "ISO_IR 100", "ISO_IR 192", "ISO_IR 6"]))
def test_any_bytes_are_read_as_something(raw: bytes, declared: str) -> None:
    text, _ = decode(raw, declared, True)
    assert isinstance(text, str)


def test_a_right_label_is_no_guess_and_a_loose_spelling_of_it_is_understood() -> None:
    assert decode("Jürgen".encode("latin-1"), "ISO_IR 100") == ("Jürgen", False)
    assert decode("Jürgen".encode("latin-1"), "iso-ir 100") == ("Jürgen", False)


def test_a_set_that_is_not_named_anew_behind_each_delimiter_goes_on() -> None:
    korean = b"Hong^Gildong=\x1b$)C\xfb\xf3^\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\xb1\xe6\xb5\xbf"
    assert person_name(korean, "\\ISO 2022 IR 149") == ("Hong, Gildong (洪 吉洞 · 홍 길동)", True)
    assert person_name(b"M\x1b-A\xfcller^J\xf6rg", "ISO 2022 IR 6\\ISO 2022 IR 100") == ("Müller, Jörg", True)


@pytest.mark.parametrize("name", ["GONÇALVES^JOÃO", "Guðrún^Ósk", "Ångström", "25 µm² ± 3°", "Ã£"])
def test_text_in_utf_8_is_taken_for_written_twice_only_where_it_reads_so(name: str) -> None:
    read_twice = name == "Ã£"
    assert decode(name.encode(), "ISO_IR 192") == ("ã" if read_twice else name, read_twice)


def test_controls_and_direction_marks_leave_a_name() -> None:
    assert person_name("Ev\u202eil^\x07Name".encode(), "ISO_IR 192")[0] == "Evil, Name"


def test_every_name_of_the_disc_with_ten_scripts_is_read(tmp_path: Path) -> None:
    with tarfile.open(shared_data("discs", "12-nonascii-deep-paths.tar")) as packed:
        packed.extractall(tmp_path, filter="data")
    wrong = []
    for name, expected in truth()["files"].items():
        if not name.startswith("discs/12-") or "mojibake" in name or not expected.get("dicom"):
            continue
        person = read(tmp_path / name.removeprefix("discs/")).person
        family = expected["patient_name_a"].split("^")[0]
        if person.name_guessed or not person.name.startswith(family):
            wrong.append((name, person.name))
    assert not wrong, wrong[:3]


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.parametrize("declared", ["ISO_IR 192", "ISO_IR 100", ""])
def test_a_text_cut_within_its_last_character_keeps_the_others(lost: int, declared: str) -> None:
    assert decode("頭部 MRT 頭".encode()[:-lost], declared) == ("頭部 MRT ", declared != "ISO_IR 192")
    assert decode("头部".encode("gb18030")[:-1], "GB18030") == ("头", False)


@pytest.mark.parametrize("name", ["René", "Hélène José", "Jürgen Weiß", "Åsa"])
def test_latin_letters_at_the_end_are_not_taken_for_halves_of_others(name: str) -> None:
    for declared in ("", "ISO_IR 100", "ISO_IR 192"):
        assert decode(name.encode("latin-1"), declared)[0] == name
