"""The HTTP side of the service."""

import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.middleware.trustedhost import TrustedHostMiddleware

from codecrucible.benchmarks import BenchmarkError, Judgement, Problem, PromptForm
from codecrucible.benchmarks.sources.own_record import read_record
from codecrucible.harness.common.errors import HarnessError
from codecrucible.harness.serve import fusion
from codecrucible.harness.serve.service import JudgingService, QueueFull, TooLate
from codecrucible.sandbox import Limits, SandboxError
from codecrucible.sandbox.limits import MEBIBYTE

BODY_BYTES = 32 * MEBIBYTE
"""Most bytes of a request."""

_RETRY_AFTER_S = "1"


class JudgeAsked(BaseModel):
    """A problem, by name or whole, and answers to it."""

    model_config = ConfigDict(extra="forbid")

    answers: list[str] = Field(min_length=1, max_length=1024)
    benchmark: str = ""
    problem_id: str = ""
    problem: dict[str, Any] | None = None
    form: PromptForm | None = None


class _Json(Response):
    """JSON of ASCII alone, since a program may have printed what is no text."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=True).encode()


class _Refused(Exception):
    """A request is not taken."""

    def __init__(self, status: int, why: str, what: str) -> None:
        super().__init__(what)
        self.status, self.why = status, why


def make_app(service: JudgingService, *, token: str, hosts: Sequence[str]) -> FastAPI:
    """The application.

    Args:
        service: Judges.
        token: What clients have to show as `Authorization: Bearer TOKEN`; "" for none.
        hosts: Names under which the service may be asked, so that no page in a browser can ask it under its own;
            "*" for any.
    """
    app = FastAPI(title="codecrucible", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))

    def checked(request: Request) -> None:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
        if token and not hmac.compare_digest(shown, token.encode()):
            raise _Refused(401, "token", "the header `Authorization: Bearer TOKEN` has not the service's token")

    known = Depends(checked)

    @app.exception_handler(_Refused)
    async def refused(_: Request, error: _Refused) -> Response:
        service.refused(error.why)
        headers = {"Retry-After": _RETRY_AFTER_S} if error.status in {429, 504} else {}
        return _Json({"error": str(error)}, status_code=error.status, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        service.refused("malformed")
        told = [f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in error.errors()]
        return _Json({"error": "; ".join(told)}, status_code=422)

    @app.middleware("http")
    async def bounded(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        length = request.headers.get("content-length", "")
        if request.method == "POST" and (not length.isdecimal() or int(length) > BODY_BYTES):
            service.refused("size")
            return _Json({"error": f"a request has a Content-Length of at most {BODY_BYTES} bytes"}, status_code=413)
        return await answer(request)

    @app.get("/health")
    async def health() -> Response:
        return _Json({"status": "ok", "benchmarks": service.benchmarks, "jobs": service.waiting})

    @app.get("/metrics", dependencies=[known])
    async def metrics() -> Response:
        return Response(service.metrics(), media_type="text/plain; version=0.0.4")

    @app.post("/judge", dependencies=[known])
    async def judge(asked: JudgeAsked) -> Response:
        return _Json({"judgements": [asdict(each) for each in await _judged(service, asked)]})

    @app.post("/run_code", dependencies=[known])
    async def run_code(asked: fusion.RunCode) -> Response:
        """What became of a program, in the form of SandboxFusion's server."""
        try:
            job = fusion.job_of(asked)
        except ValueError as error:
            return _Json(fusion.failure(str(error)))
        try:
            return _Json(fusion.answer_of(await service.run(job, within_s=fusion.patience_s(asked))))
        except QueueFull:
            raise _Refused(429, "busy", "as many jobs wait as may; ask again later") from None
        except TooLate:
            raise _Refused(
                504, "late", "the job did not end in the time that its client waits; ask again later"
            ) from None
        except SandboxError as error:
            return _Json(fusion.failure(str(error)))

    return app


async def _judged(service: JudgingService, asked: JudgeAsked) -> list[Judgement]:
    if bool(asked.problem) is bool(asked.benchmark):
        raise _Refused(422, "malformed", "give either benchmark and problem_id, or problem")
    try:
        if asked.problem is None:
            problem, limits = service.problem_of(asked.benchmark, asked.problem_id)
        else:
            problem, limits = _own(asked.problem), Limits()
        return await service.judged(problem, limits, asked.answers, asked.form)
    except (HarnessError, BenchmarkError, ValueError) as error:
        raise _Refused(422, "malformed", str(error)) from None
    except QueueFull:
        raise _Refused(429, "busy", "as many jobs wait as may; ask again later, or send fewer answers") from None


def _own(record: dict[str, Any]) -> Problem:
    problem = read_record(record, "problem")
    if problem is None:
        raise _Refused(422, "malformed", "problem: is no record in the format of a benchmark of one's own")
    return problem
