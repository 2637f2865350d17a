"""The rules of CONTRIBUTING.md that a machine can hold: which way imports point, sizes, pins, settings."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MEGABYTE = 2**20
FOLDERS = {path.name for path in (ROOT / "playground").iterdir() if path.is_dir() and path.name[0].isalpha()}
LESSONS = FOLDERS - {"movie", "pretrain", "runs", "targets", "ui"}


def files(*patterns):
    """Repository paths that match, as ids for pytest; never none, so that no rule passes by looking at nothing."""
    found = sorted(
        {path.relative_to(ROOT).as_posix() for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    )
    assert found, f"nothing matches {patterns}"
    return found


def modules(nodes, package):
    """Every module that import statements among `nodes` may load: `from a import b` may load a and a.b."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names)


@cache
def tree(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imports(path):
    return set(modules(ast.walk(tree(path)), list(Path(path).parts[:-1])))


def outside_functions(node):
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


def reaching(found, *roots):
    return sorted(name for name in found if any(name == root or name.startswith(f"{root}.") for root in roots))


def lesson_of(path):
    parts = Path(path).parts
    return parts[1] if parts[0] == "playground" and parts[1] in LESSONS else None


ENGINE_SIDE = [path for path in files("playground/**/*.py") if not path.startswith("playground/ui/")]


@pytest.mark.parametrize("path", ENGINE_SIDE)
def test_engines_charts_and_shared_modules_know_no_interface(path):
    assert not reaching(imports(path), "streamlit", "playground.ui", "pages", "app")


@pytest.mark.parametrize("path", [path for path in ENGINE_SIDE if "/pretrain/" not in path])
def test_lessons_meet_only_in_shared_modules(path):
    others = LESSONS - {lesson_of(path)}
    assert not reaching(imports(path), *(f"playground.{name}" for name in others))


def draws(path):
    """Whether it is a lesson's charts: one module, or a folder with one for each experiment."""
    return path.endswith("/charts.py") or "/charts/" in path


@pytest.mark.parametrize("path", [path for path in ENGINE_SIDE if lesson_of(path) and not draws(path)])
def test_engines_do_not_know_their_charts(path):
    assert not reaching(imports(path), f"playground.{lesson_of(path)}.charts")


@pytest.mark.parametrize("path", files("playground/**/*.py", "pages/**/*.py", "app.py"))
def test_drawing_libraries_stay_in_charts_theme_and_ui(path):
    if not (draws(path) or path.startswith("playground/ui/") or path == "playground/theme.py"):
        assert not reaching(imports(path), "plotly", "altair")


@pytest.mark.parametrize("path", files("pages/**/*.py", "app.py"))
def test_pages_load_nothing_heavy(path):
    top = set(modules(outside_functions(tree(path)), list(Path(path).parts[:-1])))
    assert not reaching(top, "torch", "scipy", "sklearn")


def test_the_app_loads_nothing_heavy_through_others():
    code = "import sys, app; print(*sorted({'torch', 'scipy', 'sklearn'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []


@pytest.mark.parametrize("path", files("pages/**/*.py"))
def test_pages_are_thin(path):
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= (40 if path.endswith("/page.py") else 200)


@pytest.mark.parametrize("path", files("tests/**/*.py"))
def test_tests_await_events_instead_of_sleeping(path):
    nodes = list(ast.walk(tree(path)))
    if path.endswith("conftest.py"):  # a port cannot be awaited otherwise
        server = {
            id(node) for function in nodes if getattr(function, "name", "") == "running" for node in ast.walk(function)
        }
        nodes = [node for node in nodes if id(node) not in server]
    called = [ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)]
    assert not [name for name in called if name.rpartition(".")[2] in {"sleep", "wait_for_timeout"}]


@cache
def project_files():
    """Everything that is, or is about to be, in the repository."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for path in listed.split("\0") if (ROOT / path).is_file()]


def test_no_module_is_called_utils():
    assert not [path for path in project_files() if Path(path).stem == "utils"]


def test_files_are_at_most_6_megabytes_and_weights_60_together():
    size = {path: (ROOT / path).stat().st_size for path in project_files()}
    assert not {path: count for path, count in size.items() if count > 6 * MEGABYTE}
    assert sum(count for path, count in size.items() if path.startswith("pretrained/")) <= 60 * MEGABYTE


def pins(path):
    """Name -> version of a requirements file; every line must be `name==version`, without a local tag such as +cpu."""
    lines = [line.partition("#")[0].strip() for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]
    found = [
        re.fullmatch(r"([\w.-]+)==([\w.]+)", line) or pytest.fail(f"{path}: {line!r} is no pin")
        for line in lines
        if line
    ]
    return {re.sub(r"[-_.]+", "-", match[1]).lower(): match[2] for match in found}


@pytest.mark.parametrize("path", files("requirements*.txt"))
def test_requirements_are_pinned_and_constrained(path):
    assert pins(path).items() <= pins("constraints.txt").items()


def test_every_benchmark_runs_in_make_bench_or_make_studies():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"^(?:BENCHMARKS|STUDIES) := (.*)$", makefile, re.MULTILINE)
    assert len(named) == 2
    assert {f"benchmarks/{name}.py" for name in " ".join(named).split()} | {"benchmarks/__init__.py"} == set(
        files("benchmarks/*.py")
    )


def test_streamlit_is_set_to_be_quick_quiet_and_private():
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False  # collecting after every run costs 100 ms and more
    assert config["browser"]["gatherUsageStats"] is False
    server = config["server"]
    assert (
        server.get("headless") is True or server.get("showEmailPrompt") is False
    )  # else the first run waits for an address
