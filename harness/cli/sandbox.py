"""What `crucible sandbox` does, once its arguments are parsed."""

import sys
import time
from argparse import Namespace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from codecrucible.harness.cli.output import print_facts, print_json
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_FAILURE, UsageError
from codecrucible.harness.common.progress import Progress

if TYPE_CHECKING:
    from codecrucible.sandbox.docker.images import ImageInfo
    from codecrucible.sandbox.languages import Family


def build(options: Namespace) -> int:
    """Build the images of the sandbox, or find them; one that cannot be built does not keep the others from it."""
    from codecrucible.benchmarks.sources.image_files import image_files
    from codecrucible.sandbox.docker.images import build
    from codecrucible.sandbox.errors import ImageBuildFailed

    families = _families_of(options.languages)
    images: list[ImageInfo] = []
    failed: list[str] = []
    begin = time.monotonic()
    with Progress(quiet=options.quiet) as progress:
        for number, family in enumerate(families, start=1):
            if len(families) > 1:
                progress.note(f"{family.name}, {number} of {len(families)}, after {time.monotonic() - begin:.0f} s")
            try:
                images.append(build(progress.note, family, anew=options.no_cache, data=image_files))
            except ImageBuildFailed as error:
                failed.append(family.name)
                print(f"{family.name}: {error}", file=sys.stderr)
    if options.json:
        print_json(to_json(images[0]) if len(families) == len(images) == 1 else [to_json(image) for image in images])
    else:
        print(*images, sep="\n")
    if failed:
        print(f"not built: {', '.join(failed)}", file=sys.stderr)
    return EXIT_FAILURE if failed else EXIT_DONE


def doctor(options: Namespace) -> int:
    """Show what is isolated, with the evidence, and what is not covered."""
    from codecrucible.sandbox.doctor import examine
    from codecrucible.sandbox.scope import COVERED, NOT_COVERED

    if options.languages:
        _refuse_unknown_languages(options.languages)
    sound = print_facts(examine(options.languages), options)
    if not options.json:
        for title, lines in (("covered", COVERED), ("not covered", NOT_COVERED)):
            print(f"\n{title}:")
            print("\n".join(f"  - {line}" for line in lines))
    return EXIT_DONE if sound else EXIT_FAILURE


def _refuse_unknown_languages(names: str) -> None:
    from codecrucible.sandbox.languages import chosen

    try:
        chosen(names)
    except ValueError as error:
        raise UsageError(f"--languages {names}: {error}") from error


def sbom(options: Namespace) -> int:
    """Print what is in the images."""
    if not find_spec("cyclonedx"):
        raise UsageError("a bill of materials needs the extra 'sbom': pip install 'codecrucible[sbom]'")
    from codecrucible.sandbox.docker.sbom import bill_of_materials

    print(bill_of_materials(_families_of(options.languages)))
    return EXIT_DONE


def _families_of(names: str) -> "list[Family]":
    """The families whose images these languages need, to run and to be scanned."""
    from codecrucible.sandbox.languages import families_of
    from codecrucible.sandbox.scanners import scanner_families_of

    _refuse_unknown_languages(names)
    both = (*families_of(names), *scanner_families_of(names))
    return list({family.name: family for family in both}.values())


def prune(options: Namespace) -> int:
    """Remove what dead runs and older versions left behind."""
    from codecrucible.sandbox.docker.images import prune

    removed = prune(all_images=options.all)
    if options.json:
        print_json(to_json(removed))
    else:
        print(removed)
    return EXIT_DONE
