"""The software bill of materials of what runs in production, as CycloneDX JSON."""

import tomllib
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from devtools.supply_chain.packages import BASE_DIR, PRODUCTION, Package, read_packages
from devtools.supply_chain.pieces import DataLicence, VendoredPackage, data_licences, vendored_packages

FACTORY = LicenseFactory()


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_json() + "\n")


def as_json() -> str:
    return str(JsonV1Dot6(make_bom()).output_as_string(indent=2))


def make_bom() -> Bom:
    packages = read_packages(PRODUCTION)
    components = {package.name: _package(package) for package in packages}
    others = [_vendored(each) for each in vendored_packages()] + [_data(each) for each in data_licences()]
    root = _this_service()
    bom = Bom(components=[*components.values(), *others])
    bom.metadata.component = root
    direct = [components[package.name] for package in packages if package.is_asked_for]
    bom.register_dependency(root, [*direct, *others])
    for name, component in components.items():
        needs = [components[package.name] for package in packages if name in package.needed_by]
        bom.register_dependency(component, needs)
    return bom


def _this_service() -> Component:
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]
    return Component(
        type=ComponentType.APPLICATION,
        name=project["name"],
        version=project["version"],
        bom_ref=project["name"],
        licenses=[FACTORY.make_from_string(project["license"])],
    )


def _package(package: Package) -> Component:
    # Any of these files may have been installed: a wheel for each platform, and the source.
    files = [Property(name="walkandtalk:sha256-of-a-distribution", value=digest) for digest in package.hashes]
    url = PackageURL("pypi", name=package.name, version=package.version)
    return Component(
        type=ComponentType.LIBRARY,
        name=package.name,
        version=package.version,
        bom_ref=str(url),
        purl=url,
        licenses=[FACTORY.make_from_string(package.licence)],
        properties=files,
    )


def _vendored(package: VendoredPackage) -> Component:
    url = PackageURL("npm", name=package.name, version=package.version)
    return Component(
        type=ComponentType.LIBRARY,
        name=package.name,
        version=package.version,
        bom_ref=str(url),
        purl=url,
        licenses=[FACTORY.make_from_string(package.licence)],
        hashes=[HashType(alg=HashAlgorithm.SHA_512, content=package.sha512)],
    )


def _data(data: DataLicence) -> Component:
    return Component(
        type=ComponentType.DATA,
        name=data.files,
        bom_ref=f"data:{data.files}",
        description=data.source,
        copyright=data.attribution,
        licenses=[FACTORY.make_from_string(data.licence)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=data.digest())],
    )
