"""The page on which a rater answers, served to this machine alone.

What is covered: requests for another name, without the token, or of another site's page change and show nothing; what
is sent names no run, and the address of an item is none of its own.
What is not: another program of the same user, which may read the files of ratings as well.
"""

import json
import secrets
from http import HTTPStatus
from typing import Any

from codecrucible.harness.results.page_server import LocalHandler, LocalServer
from codecrucible.harness.results.ratings.answers import AnswerBook
from codecrucible.reports.page.rating import rating_page

MOST_BYTES = 10_000
"""Bytes of a request's body."""


class RatingServer(LocalServer):
    """Serves the items of a book and takes its answers.

    Args:
        book: The rater's file.
        port: 0 for a free one.
    """

    def __init__(self, book: AnswerBook, port: int) -> None:
        super().__init__(_RatingHandler, port)
        self.book = book
        self.token = secrets.token_urlsafe(16)

    @property
    def url(self) -> str:
        """Where the page is; who does not know it is not served."""
        return f"{super().url}{self.token}/"

    @property
    def origins(self) -> frozenset[str]:
        """Where a page of this server may come from."""
        return frozenset(f"http://{name}" for name in self.names)


def state_of(book: AnswerBook) -> dict[str, Any]:
    """What the page shows: how far the rater is, and the current item without a word on its runs."""
    item = book.current
    shown = item and {
        "problem": item.problem.problem_id,
        "prompt": item.problem.prompt,
        "language": item.problem.language,
        "programs": [each.sample.program for each in item.samples],
    }
    return {"done": book.done, "total": len(book.plan.items), "item": shown}


class _RatingHandler(LocalHandler):
    server: RatingServer

    def do_GET(self) -> None:  # noqa: N802  # as http.server calls it
        """Answer with the page, or with what is to be rated next."""
        name = self._name()
        if name == "":
            page = rating_page(self.server.book.questions).encode()
            self.begin(200, "text/html", len(page))
            self.wfile.write(page)
        elif name == "item":
            self._send(HTTPStatus.OK, state_of(self.server.book))
        else:
            self.send_error(404)

    def do_POST(self) -> None:  # noqa: N802  # as http.server calls it
        """Write an answer down, or take the last one back."""
        name = self._name()
        if name not in {"answer", "undo"} or not self._is_of_our_page():
            self.send_error(404)
            return
        try:
            told = self._body()
            if name == "undo":
                self.server.book.undo()
            else:
                self.server.book.answer(told["done"], told["scores"], told["preference"])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            self._send(HTTPStatus.BAD_REQUEST, {"error": f"not written down: {error}"})
        else:
            self._send(HTTPStatus.OK, state_of(self.server.book))

    def _name(self) -> str | None:
        """What is asked for; None where the request is not for here, or does not know the token."""
        token, slash, name = self.path.removeprefix("/").partition("/")
        known = secrets.compare_digest(token.encode(), self.server.token.encode())
        return name if known and slash and self.is_for_here() else None

    def _is_of_our_page(self) -> bool:
        """Whether a request is one that no other site's page can make."""
        headers = self.headers
        return (
            headers["Content-Type"] == "application/json"
            and headers["Origin"] in {None, *self.server.origins}
            and headers["Sec-Fetch-Site"] in {None, "same-origin"}
        )

    def _body(self) -> dict[str, Any]:
        length = int(self.headers["Content-Length"] or 0)
        if not 0 < length <= MOST_BYTES:
            raise ValueError(f"the request has {length} bytes, and may have {MOST_BYTES}")
        told = json.loads(self.rfile.read(length))
        if not isinstance(told, dict):
            raise ValueError("the request is no object")  # noqa: TRY004  # of what a client sent
        return told

    def _send(self, status: HTTPStatus, value: dict[str, Any]) -> None:
        body = json.dumps(value).encode()
        self.begin(status, "application/json", len(body))
        self.wfile.write(body)
