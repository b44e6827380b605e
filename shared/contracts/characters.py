"""Characters that end a line, and those that show nothing."""

import re

# CR LF of web forms, CR, VT of word processors, FF, NEL, and Unicode's line and paragraph separators.
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# White space; Unicode's Default_Ignorable_Code_Point, among them Hangul's fillers; the characters between
# which annotations stand; the Braille pattern and the musical notehead without ink.
_SHOWN = re.compile(
    "[^\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\u2800\U0001d159]"
)


def shows(text: str) -> bool:
    """Whether anything of `text` can be seen."""
    return _SHOWN.search(text) is not None


def trimmed(text: str) -> str:
    """Without white space around, every line end as LF; nothing where nothing can be seen."""
    if text.isprintable():
        text = text.strip()
        return text if text.isascii() or shows(text) else ""
    text = _LINE_END.sub("\n", text)
    return text.strip() if shows(text) else ""
