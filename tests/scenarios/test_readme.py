"""The README's first screen is true: its zeep snippet runs as printed, and prints what it says."""

import re
import subprocess
import sys
from pathlib import Path

from tests.scenarios.server_process import ServerProcess

README = Path(__file__).parents[2] / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(), flags=re.DOTALL | re.MULTILINE)


def masked(output: str) -> str:
    """Hide dates and up times."""
    return re.sub(r"\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} \d+", "DATE UP", output)


def test_the_zeep_snippet_prints_what_the_readme_says(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path)
    server.start()
    try:
        snippet = blocks("python")[0].replace(":8443", f":{server.ready['port']}")
        snippet = snippet.replace("~/.local/state/ucmsim", str(server.state))
        done = subprocess.run(
            [sys.executable, "-P", "-c", snippet],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert masked(done.stdout) == masked(blocks("text")[0])
    finally:
        server.stop()


def test_what_the_server_prints_at_first_is_what_the_readme_shows(tmp_path: Path) -> None:
    shown = [line for line in blocks("console")[0].splitlines() if "https://" in line]
    server = ServerProcess(tmp_path)
    server.start()
    server.stop()
    printed = server.log.read_text().replace(f":{server.ready['port']}", ":8443")
    assert len(shown) == 5
    assert all(line in printed for line in shown)
