"""What is in the images that programs run in: a software bill of materials in CycloneDX, from the images' files."""

from collections.abc import Iterable

from codecrucible.sandbox.docker import engine, images
from codecrucible.sandbox.docker.packages import Package, packages_in
from codecrucible.sandbox.languages import Family


def packages_of(family: Family) -> tuple[Package, ...]:
    """What is installed in the image of a family of languages, in order.

    Raises:
        EngineUnavailable: if no engine answers.
        ImageMissing: if the image is not built.
    """
    with engine.connected() as client:
        return packages_in(client, images.find(client, family).id)


def bill_of_materials(families: Iterable[Family]) -> str:
    """CycloneDX 1.6 in JSON: a container for each image, with the packages that it holds.

    Raises:
        EngineUnavailable: if no engine answers.
        ImageMissing: if an image is not built.
    """
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    bill = Bom()
    for family in families:
        image = images.find(family=family)
        held = []
        for package in packages_of(family):
            qualifiers = {"arch": package.architecture} if package.architecture else {}
            namespace = "debian" if package.kind == "deb" else None
            url = PackageURL(package.kind, namespace, package.name, package.version, qualifiers)
            held.append(
                Component(
                    type=ComponentType.LIBRARY,
                    name=package.name,
                    version=package.version,
                    purl=url,
                    bom_ref=f"{image.tag} {url}",
                )
            )
        bill.components.add(
            Component(
                type=ComponentType.CONTAINER,
                name=image.tag.partition(":")[0],
                version=image.id,
                description=f"{image.tag}, on {image.base}",
                bom_ref=image.tag,
                components=held,
            )
        )
    return JsonV1Dot6(bill).output_as_string(indent=2)
