"""Builds the sdist and from it the wheel, installs that with the pinned runtime packages in a fresh environment, and looks.

Run by ``make package``; too slow to be a test. Exits 1 with one line for every promise that is broken.
"""

import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[2]
FOLDERS = ("api", "clients", "models", "wsdl")

IMPORT_EVERYTHING = """
import importlib, pkgutil, warnings
warnings.simplefilter("error")
import ucmsim
for module in pkgutil.walk_packages(ucmsim.__path__, "ucmsim."):
    if module.name != "ucmsim.clients.pytest_plugin":  # needs pytest, which its users have and servers have not
        importlib.import_module(module.name)
"""


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """What the command prints; ends the check with its output when it fails."""
    done = subprocess.run(command, cwd=cwd, text=True, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def sources() -> set[str]:
    """Every file of the four folders under the name it must have in the wheel."""
    return {
        f"ucmsim/{path.relative_to(ROOT).as_posix()}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def broken_promises(scratch: Path) -> list[str]:
    """One sentence for each thing that is not as promised."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", scratch, ROOT)
    wheel = next(scratch.glob("*.whl"))
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if not name.split("/")[0].endswith(".dist-info")}
    broken = [f"the wheel lacks {name}" for name in sorted(sources() - packed)]
    broken += [f"the wheel has a stranger: {name}" for name in sorted(packed - sources())]

    environment = scratch / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(environment)}))
    pip = (python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    run(*pip, "-r", ROOT / "requirements.lock")
    before = {*site.iterdir(), *python.parent.iterdir()}
    run(*pip, "--no-deps", wheel)
    landed = {*site.iterdir(), *python.parent.iterdir()} - before
    dist_info = wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info"
    expected = {site / "ucmsim", site / dist_info, python.parent / "ucmsim"}
    if landed != expected:
        broken.append(
            f"installing put {sorted(map(str, landed))} into the environment, not {sorted(map(str, expected))}"
        )
    run(python, "-m", "pip", "check")
    run(python, "-c", IMPORT_EVERYTHING, cwd=scratch)
    return broken


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ucmsim-package-") as scratch:
        broken = broken_promises(Path(scratch))
    if broken:
        sys.exit("\n".join(broken))
    print("wheel and sdist: complete, typed, nothing but ucmsim")


if __name__ == "__main__":
    main()
