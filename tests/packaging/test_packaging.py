"""However tumorkit is installed, it works; and it says which form of its kernels is in use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import Read, make_bam, make_bed, make_pair
from tumorkit.core.kernels import INSTALL_HINT, KERNELS

pytestmark = pytest.mark.packaging

REPOSITORY = Path(__file__).parents[2]
ISOLATED: tuple[str, ...] = ()
# The tools of the running environment: saves a download per build.
SHARED_TOOLS = ("--no-build-isolation",)


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources without anything built."""
    target = tmp_path_factory.mktemp("checkout")
    built = shutil.ignore_patterns("*.so", "*.c", "__pycache__", "*.egg-info")
    shutil.copytree(REPOSITORY / "tumorkit", target / "tumorkit", ignore=built)
    for name in ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in"):
        if (REPOSITORY / name).exists():
            shutil.copy(REPOSITORY / name, target)
    return target


@pytest.fixture
def source(checkout: Path, tmp_path: Path) -> Iterator[Path]:
    """A fresh copy for one build, since pip builds inside the folder."""
    target = tmp_path / "source"
    shutil.copytree(checkout, target)
    yield target
    # Cython's output may be shared by the builds; what a compiler made may not.
    for made in target.rglob("*.c"):
        shutil.copy2(made, checkout / made.relative_to(target))
    shutil.rmtree(target)


@pytest.fixture(scope="session")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(checkout, source)
    done = pip("wheel", str(source), "--no-deps", "-w", str(folder), *SHARED_TOOLS, mode="required")
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def pip(
    *arguments: str, python: Path | None = None, mode: str = "", compiler: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run pip for the environment of ``python`` with a mode of building the kernels."""
    where = [] if python is None else ["--python", str(python)]
    environment = {**os.environ, "TUMORKIT_KERNELS": mode, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment.pop("PYTHONPATH", None)
    if compiler is not None:
        environment["CC"] = compiler
    return subprocess.run(
        [sys.executable, "-m", "pip", *where, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def new_environment(folder: Path, *, without: str = "") -> Path:
    """Make an environment that sees the dependencies of the running one; return its Python.

    Names in ``without`` are hidden, so that they must be installed for real.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    lent = folder / "lent"
    lent.mkdir()
    for item in Path(sysconfig.get_path("purelib")).iterdir():
        hidden = item.name.lower().startswith(("tumorkit", "__editable__", without or "tumorkit"))
        if not hidden and item.suffix != ".pth":
            (lent / item.name).symlink_to(item)
    (packages / "lent.pth").write_text(f"{lent}\n")
    return python


def run(
    python: Path, *arguments: str, folder: Path, mode: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program of an environment, away from the checkout."""
    environment = {**os.environ, "TUMORKIT_KERNELS": mode}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        [str(python), *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )


def forms(python: Path, folder: Path) -> set[str]:
    """Return the forms of kernels that ``tumorkit --version`` names."""
    program = python.with_name("tumorkit")
    done = run(program, "--version", folder=folder)
    assert done.returncode == 0, done.stderr
    said = done.stdout.partition("(kernels: ")[2].rstrip(")\n")
    pairs = [item.split() for item in said.split(", ")]
    assert len(pairs) == len(KERNELS)
    return {form for _, form in pairs}


def coverage(python: Path, folder: Path) -> tuple[str, str]:
    """Measure coverage of a small BAM; return the table and what went to standard error."""
    mates = [
        mate
        for n in range(50)
        for mate in make_pair(Read(name=f"f{n}", pos=20 * n), Read(name="", pos=20 * n + 60))
    ]
    bam = make_bam(folder / "t.bam", mates)
    bed = make_bed(folder / "t.bed", [("1", 100, 300, "A"), ("1", 400, 460, "B")])
    program = python.with_name("tumorkit")
    done = run(
        program,
        *("cnv", "coverage", str(bam), "--targets", str(bed), "-o", "-"),
        folder=folder,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_pip_install_gives_compiled_kernels(source: Path, tmp_path: Path) -> None:
    python = new_environment(tmp_path / "env", without="pysam")
    pysam = next(
        line for line in pip("freeze").stdout.splitlines() if line.lower().startswith("pysam==")
    )
    assert pip("install", "--no-deps", pysam, python=python).returncode == 0
    done = pip("install", "--no-deps", str(source), *ISOLATED, python=python, mode="required")
    assert done.returncode == 0, done.stderr
    assert forms(python, tmp_path) == {"compiled"}
    table, said = coverage(python, tmp_path)
    assert table.count("\n") == 3
    assert INSTALL_HINT not in said
    check_links(tmp_path / "env")


def check_links(environment: Path) -> None:
    """The library is found by its bare name, on a path relative to the extension."""
    if shutil.which("readelf") is None:
        pytest.skip("readelf is not installed")
    linked = 0
    for extension in environment.rglob("tumorkit/io/htslib/*.so"):
        dynamic = subprocess.run(
            ["readelf", "-d", str(extension)], capture_output=True, text=True, check=True
        ).stdout
        needed = [line for line in dynamic.splitlines() if "NEEDED" in line and "htslib" in line]
        linked += len(needed)
        assert all("[libchtslib" in line for line in needed), needed
        runpath = next(
            line for line in dynamic.splitlines() if "RUNPATH" in line or "RPATH" in line
        )
        assert "$ORIGIN/../../../pysam" in runpath
        assert "/tmp" not in runpath
        assert "pip-build-env" not in dynamic
    assert linked >= 1


def test_a_wheel_works_in_another_environment(wheel: Path, tmp_path: Path) -> None:
    python = new_environment(tmp_path / "other")
    done = pip("install", "--no-deps", str(wheel), python=python)
    assert done.returncode == 0, done.stderr
    assert forms(python, tmp_path) == {"compiled"}
    assert coverage(python, tmp_path)[0].count("\n") == 3


# The gate runs on such an install and expects compiled kernels; this one is for long runs.
@pytest.mark.benchmark
def test_an_editable_install_is_compiled(source: Path, tmp_path: Path) -> None:
    python = new_environment(tmp_path / "env")
    done = pip(
        "install", "--no-deps", "-e", str(source), *SHARED_TOOLS, python=python, mode="required"
    )
    assert done.returncode == 0, done.stderr
    assert forms(python, tmp_path) == {"compiled"}
    assert coverage(python, tmp_path)[0].count("\n") == 3


def test_without_a_compiler_it_installs_works_and_says_so_once(
    source: Path, wheel: Path, tmp_path: Path
) -> None:
    python = new_environment(tmp_path / "env")
    done = pip(
        "install", "--no-deps", str(source), *SHARED_TOOLS, python=python, compiler="/bin/false"
    )
    assert done.returncode == 0, done.stderr
    assert forms(python, tmp_path) == {"python"}
    table, said = coverage(python, tmp_path)
    assert said.count(INSTALL_HINT) == 1
    assert "gcc python3-dev" in said
    compiled = new_environment(tmp_path / "compiled")
    assert pip("install", "--no-deps", str(wheel), python=compiled).returncode == 0
    assert coverage(compiled, tmp_path)[0] == table


def test_required_kernels_without_a_compiler_fail(source: Path, tmp_path: Path) -> None:
    python = new_environment(tmp_path / "env")
    done = pip(
        "install",
        "--no-deps",
        str(source),
        *SHARED_TOOLS,
        python=python,
        mode="required",
        compiler="/bin/false",
    )
    assert done.returncode != 0
    assert "/bin/false" in done.stdout + done.stderr


def test_the_source_distribution_can_be_compiled(source: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--sdist",
            "--no-isolation",
            "-o",
            str(tmp_path / "sdist"),
            str(source),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with tarfile.open(next((tmp_path / "sdist").glob("*.tar.gz"))) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        path.relative_to(REPOSITORY).as_posix()
        for pattern in ("*.pyx", "*.pxi", "*.pxd", "*.pyi", "py.typed")
        for path in (REPOSITORY / "tumorkit").rglob(pattern)
    }
    assert wanted <= held
    assert not [name for name in held if name.endswith(".so")]
