"""The tags, links and text of a mail's HTML."""

from html.parser import HTMLParser


class Tags(HTMLParser):
    """The tags and links of a page, and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def text_of(html: str) -> str:
    parser = Tags()
    parser.feed(html)
    return "".join(parser.text)
