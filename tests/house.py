"""Reading the house: its floors from pyproject.toml, its sources as syntax trees. The checks are pure functions over a
package's folder, so that tests/test_house_catches.py can hold planted violations against each of them."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "fugong"
FLOORS = ("command", "services", "record", "base")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file of the package; `name` is its path within, as `record/registry/actions/imports.py`."""

    path: Path
    name: str

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def app(self) -> str:
        """`record.registry` for what lies in that app, `core` or `portal` for those two, else ""."""
        parts = self.name.split("/")
        if parts[0] in FLOORS and len(parts) > 2:
            return f"{parts[0]}.{parts[1]}"
        return parts[0] if parts[0] in ("core", "portal", "config") and len(parts) > 1 else ""

    @property
    def layer(self) -> str:
        """The part of the app it belongs to: `actions`, `selectors`, `web`, …"""
        inside = self.name.split("/")[2 if self.app.count(".") else 1 :]
        return inside[0].removesuffix(".py") if inside else ""

    def functions(self) -> list[Function]:
        """The public functions on the module's own level."""
        return [node for node in self.tree.body if isinstance(node, Function) and not node.name.startswith("_")]

    def imports(self) -> dict[str, str]:
        """Name as used here → what it stands for, as a dotted path."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.split(".")[0]
                    found[alias.asname or first] = alias.name if alias.asname else first
        return found


def modules(package: Path, *layers: str) -> list[Module]:
    """The Python files of the package but migrations; with `layers` only those parts of the apps."""
    found = [Module(path, path.relative_to(package).as_posix()) for path in sorted(package.rglob("*.py"))]
    found = [module for module in found if "/migrations/" not in module.name]
    return [module for module in found if module.layer in layers] if layers else found


@lru_cache(maxsize=2)
def configuration(root: Path = ROOT) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=2)
def ranks(root: Path = ROOT) -> dict[str, tuple[int, int]]:
    """App → (floor, row), 0 lowest, as the contracts of import-linter have them."""
    layers = {
        contract["id"]: contract.get("layers", [])
        for contract in configuration(root)["tool"]["importlinter"]["contracts"]
    }
    floors = [re.findall(r"\w+", row) for row in reversed(layers["floors"])]
    found: dict[str, tuple[int, int]] = {}
    for height, (floor,) in enumerate(floors):
        found[floor] = (height, 0)
        for row, apps in enumerate(reversed(layers.get(floor, []))):
            found |= {f"{floor}.{app}": (height, row) for app in re.findall(r"\w+", apps)}
    return found


def may_point_at(source: str, target: str, rank: dict[str, tuple[int, int]] | None = None) -> bool:
    """A foreign key stays within its app or goes down; an app that no contract names may point nowhere."""
    rank = rank or ranks()
    return source == target or (source in rank and target in rank and rank[target] < rank[source])


def dotted(node: ast.expr) -> str:
    """`a.b.c` for names and attributes, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def full_name(node: ast.expr, imports: dict[str, str]) -> str:
    """Like `dotted`, with the first word replaced by what was imported under it."""
    first, _dot, rest = dotted(node).partition(".")
    return ".".join(part for part in (imports.get(first, first), rest) if part)


def foreign_managers(package: Path) -> Iterator[str]:
    """Where an app asks the manager of another app's model instead of that app's selectors and actions."""
    for module in modules(package):
        if module.app in ("", "portal", "config"):
            continue
        names = module.imports()
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
                target = full_name(node.value, names)
                if ".models" in target and not target.startswith(f"fugong.{module.app}."):
                    yield f"{module.name} {target.rsplit('.', 1)[1]}"


def foreign_tables(package: Path, tables: dict[str, str]) -> Iterator[str]:
    """Where a string of an app names the table of another one. `tables`: name of a table → its app."""
    for module in modules(package):
        if module.app in ("", "portal", "config"):
            continue
        texts = [node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant)]
        words = set(re.findall(r"\w+", " ".join(text for text in texts if isinstance(text, str))))
        for table in sorted(words & tables.keys()):
            if tables[table] != module.app:
                yield f"{module.name} {table}"


WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def writing_templatetags(package: Path) -> Iterator[str]:
    """Tags and filters that could write: they import actions, models or the database, or call what saves."""
    for module in modules(package, "templatetags"):
        for target in module.imports().values():
            if target.startswith("django.db") or re.search(r"^fugong\..*\.(actions|models)(\.|$)", target):
                yield f"{module.name} imports {target}"
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                yield f"{module.name}:{node.lineno} calls {node.func.attr}()"


CLOCKS = (
    "django.utils.timezone.now", "django.utils.timezone.localdate", "datetime.date.today", "datetime.datetime.now",
    "datetime.datetime.today", "datetime.datetime.utcnow", "time.time", "django.db.transaction.on_commit",
    "django.apps.apps.get_model",
)  # fmt: skip


def other_clocks(package: Path) -> Iterator[str]:
    """Where the time is asked elsewhere than in core.clock. Ruff's ban cannot hold in web/, where HTTP is allowed."""
    for module in modules(package):
        names = module.imports()
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute | ast.Name) and full_name(node, names) in CLOCKS:
                yield f"{module.name}:{node.lineno} {full_name(node, names)}"


def action_faults(module: Module, function: Function) -> Iterator[str]:
    """What a public action lacks of its shape."""
    arguments = function.args
    if arguments.args or arguments.posonlyargs or arguments.vararg:
        yield "arguments are not keyword-only"
    actors = [argument for argument in arguments.kwonlyargs if argument.arg == "actor"]
    if not actors or actors[0].annotation is None or dotted(actors[0].annotation) != "Viewer":
        yield "no actor: Viewer"
    if not ast.get_docstring(function):
        yield "no docstring"
    names = module.imports()
    decorators = [node.func if isinstance(node, ast.Call) else node for node in function.decorator_list]
    if not any(full_name(node, names) == "django.db.transaction.atomic" for node in decorators):
        yield "not atomic"
    called = [full_name(node.func, names) for node in ast.walk(function) if isinstance(node, ast.Call)]
    if not any(re.search(r"\.permissions\.can_\w+$", name) for name in called):
        yield "asks no permission"


def misshapen_actions(package: Path) -> Iterator[str]:
    """Public functions in actions that are no actions: `record/x/actions.py function: what is missing`."""
    for module in modules(package, "actions"):
        for function in module.functions():
            for fault in action_faults(module, function):
                yield f"{module.name} {function.name}: {fault}"


def unscoped_reads(package: Path) -> Iterator[str]:
    """Public functions of selectors and provides whose first argument is not `viewer: Viewer`."""
    for module in modules(package, "selectors", "provides"):
        for function in module.functions():
            arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            first = arguments[0] if arguments else None
            if (
                first is None
                or first.arg != "viewer"
                or first.annotation is None
                or dotted(first.annotation) != "Viewer"
            ):
                yield f"{module.name} {function.name}"


def entries_without_area(package: Path) -> Iterator[str]:
    """Entries of the trail that are written with `area_id=None`, by module and verb."""
    for module in modules(package):
        names = module.imports()
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or ".audit.actions.record" not in full_name(node.func, names):
                continue
            given = {word.arg: word.value for word in node.keywords}
            area = given.get("area_id")
            if area is None or (isinstance(area, ast.Constant) and area.value is None):
                verb = given.get("verb")
                yield f"{module.name} {verb.value if isinstance(verb, ast.Constant) else '?'}"


def templates(package: Path) -> dict[str, str]:
    """Name of a template as code writes it → its text."""
    found = {}
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package).as_posix().rpartition("templates/")[2]
        if path.is_file() and "templates" in path.relative_to(package).parts:
            found[inside] = path.read_text(encoding="utf-8")
    return found


def named_templates(package: Path) -> dict[str, set[str]]:
    """What the code draws: `python` names written out, `computed` ones that nobody can look for."""
    found: dict[str, set[str]] = {"python": set(), "computed": set()}
    for name, text in templates(package).items():
        if re.search(r"""{%\s*(?:extends|include)\s+[^"'\s]""", text):
            found["computed"].add(name)
    for module in modules(package):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.JoinedStr):
                end = node.values[-1]
                if isinstance(end, ast.Constant) and end.value.endswith(".html"):
                    found["computed"].add(f"{module.name}:{node.lineno}")
            elif isinstance(node, ast.Constant) and re.fullmatch(r"[\w/-]+\.html", str(node.value)):
                found["python"].add(str(node.value))
    return found


def reachable(texts: dict[str, str], start: set[str]) -> set[str]:
    """The templates that are drawn when those of `start` are, by extending and including."""
    reached, waiting = set(), set(start)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        text = re.sub(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", "", texts.get(name, ""), flags=re.S)
        waiting |= set(re.findall(r"""{%\s*(?:extends|include)\s+["']([^"']+)["']""", text)) - reached
    return reached


def long_functions(paths: list[Path], limit: int) -> Iterator[str]:
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function) and node.end_lineno - node.lineno + 1 > limit:
                yield f"{path.name} {node.name}: {node.end_lineno - node.lineno + 1} lines"


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def tracked_files(root: Path = ROOT) -> list[Path]:
    """The files of the checkout, tracked or about to be; in an unpacked archive without git, all but what is made."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True, text=True
    )
    if listed.returncode == 0:
        found = [root / name for name in listed.stdout.splitlines()]
    else:
        made = {".git", ".venv", ".fugong", "node_modules", "vendor", "__pycache__", "dist", "build"}
        found = [path for path in sorted(root.rglob("*")) if not made & set(path.relative_to(root).parts)]
    return [path for path in found if path.is_file() and not path.is_symlink()]


def text_of(path: Path) -> str:
    """The text of a file, "" for one that is none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""
