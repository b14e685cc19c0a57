"""Pages as a reader finds them."""

from typing import Any

import httpx
from lxml import html


async def page(client: httpx.AsyncClient, path: str, status: int = 200) -> Any:
    """Read a page of HTML, or an error told as one."""
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return html.document_fromstring(answer.text)


def text(element: Any) -> str:
    """What stands in an element, white space folded."""
    return " ".join(element.text_content().split())


def texts(document: Any, path: str) -> list[str]:
    """What stands in all elements that an XPath finds."""
    return [text(element) for element in document.xpath(path)]
