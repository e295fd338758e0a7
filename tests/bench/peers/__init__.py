"""The servers that ours is measured beside, and their packages."""

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
MANIFEST = ("package.json", "package-lock.json")


class NoNode(Exception):
    """There is no Node to run the peers with."""


def find_node() -> str:
    """Find Node: the machine's, else the one that deploy/env.sh installs beside our Python."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if found is None:
        raise NoNode("the peers need Node: install it, or run ./deploy/test once, which does")
    return found


def install(node: str, folder: Path = FOLDER) -> None:
    """Install the peers' packages, or another folder's, as their lock file has them, unless it was done before."""
    wanted = "".join((folder / name).read_text("utf-8") for name in MANIFEST)
    stamp = folder / "node_modules" / ".interlock"
    if stamp.exists() and stamp.read_text("utf-8") == wanted:
        return
    npm = Path(node).with_name("npm")
    subprocess.run([str(npm), "ci", "--silent", "--no-progress"], cwd=folder, check=True)
    stamp.write_text(wanted, "utf-8")
