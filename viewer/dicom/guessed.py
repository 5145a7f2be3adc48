"""Text without a (right) label: the reading whose words look most like words of its script; never more than a guess.

Each set of characters that computers of a country used is tried, and the words it gives are weighed: ideographs by how
common they are, letters by case, vowels and company, the first character of a name by whether it is a family name.
"""

from __future__ import annotations

import re

# by how often they are met; the earlier one wins where two are as good
_CODECS = (
    "gb18030", "shift_jis", "euc_jp", "euc_kr", "big5", "cp1251", "cp1253", "cp1255", "cp1256", "koi8_r", "iso8859_5",
    "tis_620", "latin_1", "cp1252",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    (0x0000, 0x024F, "latin"), (0x0370, 0x03FF, "greek"), (0x0400, 0x04FF, "cyrillic"), (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x06FF, "arabic"), (0x0E00, 0x0E7F, "thai"), (0x3040, 0x30FF, "kana"), (0x3400, 0x9FFF, "han"),
    (0xAC00, 0xD7A3, "hangul"), (0xFF66, 0xFF9F, "half kana"),
)  # fmt: skip
_WORTH = {
    "latin": 0.7, "greek": 0.8, "cyrillic": 0.8, "hebrew": 0.8, "arabic": 0.8, "thai": 0.6, "kana": 1.1, "hangul": 1.0,
    "half kana": -0.5,
}  # fmt: skip
_VOWELS = frozenset("аеёиоуыэюяіїєАЕЁИОУЫЭЮЯІЇЄ" + "αεηιουωάέήίόύώϊϋΑΕΗΙΟΥΩΆΈΉΊΌΎΏ")
_SIGNS = frozenset("‘’‚“”„«»–—…·°²³±×µªº§\u00a0")  # of any language
_ENDS = frozenset("ךםןףץىة")  # stand at the end of a word only
_COMMON, _RARE, _RAREST = 1.0, 0.3, 0.1
_FEWEST = 4  # letters above ASCII by which Western text is judged
# the bytes that begin a common ideograph (level 1) of each set, and those of a rare one
_LEVELS = {
    "gb18030": (0xB0, 0xD7), "shift_jis": (0x88, 0x98), "euc_jp": (0xB0, 0xCF), "big5": (0xA4, 0xC6), "euc_kr": (0, 0),
}  # fmt: skip
_CHINESE = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹"
    "薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成"
    "苗谷盛曲翁冉骆蓝路游辛靳诸司張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭葉蔣蘇魏呂盧鍾譚陸賈韋鄒龍賀顧龔萬錢嚴湯莊聶魯歐關蘭"
)
_JAPANESE = frozenset(
    "佐鈴高田伊渡山中小加吉木林松清斎齋藤井池橋石前岡長近後坂遠青福西太三原金竹上森内谷大今河村安柴酒工横宮島丸杉千菊水新平野樋土岩桜久本川武古秋北増菅関市辻荒馬服永"
    "尾栗白飯東浜矢南堀澤沢滝瀧奥熊片相望五八二一神栄細須植根"
)
_KOREAN = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반"
)
_FAMILIES = {
    "gb18030": _CHINESE, "big5": _CHINESE, "shift_jis": _JAPANESE, "euc_jp": _JAPANESE, "euc_kr": _KOREAN,
}  # fmt: skip


def guess(raw: bytes, is_name: bool = False) -> str:
    """The most ordinary reading of bytes above ASCII that are no UTF-8."""
    readings = [(codec, text) for codec in _CODECS if (text := _strict(raw, codec)) is not None]
    ranked = [(_weight(text, codec, is_name), -order, text) for order, (codec, text) in enumerate(readings)]
    return max(ranked)[2] if ranked else raw.decode("latin_1")


def looks_foreign(raw: bytes) -> bool:
    """Whether bytes are hardly Western text: control characters above ASCII, or nearly all of them letters with accents and
    signs."""
    if any(0x80 <= byte <= 0x9F for byte in raw):
        return True
    told = [char for char in raw.decode("latin_1") if char.isalnum() or ord(char) > 127]
    above = sum(ord(char) > 127 for char in told)
    return above >= _FEWEST and above * 2 > len(told)


def is_ordinary(text: str) -> bool:
    """Whether a text could have been written by somebody: bytes of another set are UTF-8 by chance now and then."""
    return _weight(text, "utf_8", False) >= 0


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        return None
    return text if all(char.isprintable() or char in "\r\n\t\f" for char in text) else None


def _weight(text: str, codec: str, is_name: bool) -> float:
    """Mean worth of the characters above ASCII, less for words that are none."""
    above = [char for char in text if ord(char) > 127]
    if _SIGNS.issuperset(above):
        return 0.0
    worth = sum(_worth(char, codec) for char in above) / len(above)
    words = _WORD.findall(text)
    odd = sum(_oddness(word) for word in words) / len(words) if words else 1.0
    mixed = any(_is_mixed(word) for word in words)
    return worth - odd - mixed + (_family(words, codec) if is_name or "^" in text else 0.0)


def _worth(char: str, codec: str) -> float:
    script = _script(char)
    if char in _SIGNS:
        return _RARE
    if script == "han":
        return _ideograph(char, codec)
    return _WORTH.get(script, -1.0) if char.isalpha() or script == "thai" else -1.0


def _script(char: str) -> str:
    point = ord(char)
    return next((name for low, high, name in _SCRIPTS if low <= point <= high), "")


def _ideograph(char: str, codec: str) -> float:
    low, high = _LEVELS.get(codec, (0, 0))
    try:
        first, second = char.encode(codec)[:2]
    except (UnicodeEncodeError, ValueError):
        return _RAREST
    if codec == "gb18030" and second < 0xA1:
        return _RARE  # traditional ones
    return _COMMON if low <= first <= high else _RARE


def _is_mixed(word: str) -> bool:
    """Whether a word has letters of several scripts, or some in a place where they never stand."""
    scripts = {_script(char) for char in word}
    return len(scripts - {"kana"} if "han" in scripts else scripts) > 1 or not _ENDS.isdisjoint(word[:-1])


def _oddness(word: str) -> float:
    """How little a word looks like one: of mixed case, without vowels, all accents, too long."""
    script = _script(word[0])
    if script in ("latin", "greek", "cyrillic"):
        return _letters(word, script)
    return 0.4 if script == "han" and len(word) > 4 else 0.0


def _letters(word: str, script: str) -> float:
    odd = 0.0 if word.islower() or word.isupper() or word.istitle() else 1.0
    odd += 0.2 if word.islower() else 0.0
    if script == "latin":
        return odd + (0.6 if sum(ord(char) > 127 for char in word) * 2 > len(word) > 2 else 0.0)
    vowels = sum(char in _VOWELS for char in word)
    return odd + (0.5 if len(word) > 2 and not 0.15 <= vowels / len(word) <= 0.75 else 0.0)


def _family(words: list[str], codec: str) -> float:
    """Whether the first character of a name is a family name where those are few."""
    if not words:
        return 0.0
    first = words[0][0]
    if _script(first) not in ("han", "hangul"):
        return 0.0
    return 0.4 if first in _FAMILIES.get(codec, ()) else -0.3
