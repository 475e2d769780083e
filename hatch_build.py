"""What the wheel needs beyond the files of the repository: dependencies, compiled catalogues, browser files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

# What script/vendor makes; git does not keep it, and a page without it has no style.
BROWSER_FILES = ("htmx.min.js", "tabler.min.css", "tabler.min.js", "icons.svg")


def wanted(root: str, name: str) -> list[str]:
    """The packages that `requirements/<name>.in` asks for, without its remarks."""
    lines = (Path(root) / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    words = [line.split("#")[0].strip() for line in lines]
    return [word for word in words if word and not word.startswith("-")]


class Dependencies(MetadataHookInterface):
    """One list of packages: what the checkout installs is what the wheel asks for."""

    def update(self, metadata: dict[str, Any]) -> None:
        metadata["dependencies"] = wanted(self.root, "base")
        metadata["optional-dependencies"] = {"embedded": wanted(self.root, "embedded")}


class MadeFiles(BuildHookInterface[Any]):
    """Compiles the catalogues; refuses to build a wheel whose pages would be bare."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        package = Path(self.root) / "fugong"
        missing = [name for name in BROWSER_FILES if not (package / "static" / "vendor" / name).exists()]
        if missing:
            raise RuntimeError(f"fugong/static/vendor lacks {', '.join(missing)}: run script/vendor, or script/wheel.")
        for text in package.glob("locale/*/LC_MESSAGES/django.po"):
            with text.open("rb") as source, text.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source, locale=text.parts[-3]))
