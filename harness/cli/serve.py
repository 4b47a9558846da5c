"""What `crucible serve` does, once its arguments are parsed."""

import os
import socket
import sys
from argparse import Namespace
from contextlib import suppress
from importlib.util import find_spec

from codecrucible.benchmarks import Benchmark
from codecrucible.harness.cli.requests import benchmarks_of, cpu_factor_of, limits_of
from codecrucible.harness.common.errors import EXIT_DONE, UsageError
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.executors import refuse_missing_images
from codecrucible.harness.evaluation.limits import RunLimits, measured_limits
from codecrucible.sandbox import DockerExecutor, Limits

TOKEN_VARIABLE = "CRUCIBLE_SERVE_TOKEN"  # noqa: S105  # the variable's name
_LOOPBACK = ("127.0.0.1", "localhost")
#: Seconds that requests have to end in after a signal.
_GRACE_S = 60


def serve(options: Namespace) -> int:
    """Judge answers that come over HTTP, until Ctrl-C or SIGTERM."""
    missing = [name for name in ("fastapi", "uvicorn", "prometheus_client") if not find_spec(name)]
    if missing:
        raise UsageError(f"serving needs the extra 'serve' ({', '.join(missing)}): pip install 'codecrucible[serve]'")
    token = os.environ.get(TOKEN_VARIABLE, "")
    if options.host not in _LOOPBACK and not token:
        raise UsageError(f"--host {options.host} lets other machines ask: put a token into {TOKEN_VARIABLE} first")
    benchmarks = benchmarks_of(options) if options.benchmark else []
    refuse_missing_images(benchmarks)
    import uvicorn

    from codecrucible.harness.serve.app import make_app
    from codecrucible.harness.serve.service import JudgingService, Served

    with DockerExecutor(workers=options.workers) as executor:
        executor.prepare("python")  # so that the first program that is only run does not wait for a container
        served = {
            each.name: Served(
                problems={problem.problem_id: problem for problem in each.problems},
                limits=_limits(each, executor, options),
            )
            for each in benchmarks
        }
        service = JudgingService(executor, served, most_waiting=options.queue)
        # Other machines have a name of their own for this one, and its token.
        app = make_app(service, token=token, hosts=_LOOPBACK if options.host in _LOOPBACK else ("*",))
        config = uvicorn.Config(
            app, host=options.host, port=options.port, log_level="warning", timeout_graceful_shutdown=_GRACE_S
        )
        server = uvicorn.Server(config)
        listener = _listener(options.host, options.port)  # so that whoever reads the address can ask at once
        print(f"http://{options.host}:{listener.getsockname()[1]}", flush=True)
        print("serving until Ctrl-C or SIGTERM", file=sys.stderr)
        with suppress(KeyboardInterrupt):  # of the signal that ended it, which the server hands on
            server.run(sockets=[listener])
    return EXIT_DONE


def _listener(host: str, port: int) -> socket.socket:
    """Socket that listens; uvicorn's own would end the process with the exit code of a regression."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError(
            f"cannot listen on port {port} of {host} ({os.strerror(error.errno or 0)}); give another --port"
        ) from None


def _limits(benchmark: Benchmark, executor: DockerExecutor, options: Namespace) -> RunLimits:
    floor, factor = limits_of(options, Limits()), cpu_factor_of(options)
    for language in sorted(benchmark.without_referee):
        executor.prepare(language)
    if not factor:
        return RunLimits(floor=floor, cpu_s={})
    with Progress(quiet=options.quiet) as progress:
        return measured_limits(benchmark, executor, progress, floor=floor, cpu_factor=factor)[0]
