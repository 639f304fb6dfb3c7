"""A start on a disk without a byte left, which SQLite tells as one that fails."""

import shutil
import subprocess
from pathlib import Path

import pytest

from cli_site import SCHOOL, SYNDICATE, Site

pytestmark = pytest.mark.sqlite

FULL = """
set -e
mount -t tmpfs -o size=8m tmpfs disk
cp -r syndicate.db feeds disk/
cat /dev/zero > disk/other 2>/dev/null || true
{syndicate} --config full.toml run --once
"""


def test_it_is_told_as_a_disk_that_is_full(tmp_path: Path) -> None:
    if not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("no disk of its own for a test: unshare is not there, or not allowed")
    site = Site(tmp_path, schule=SCHOOL)
    assert site.run("run", "--once").code == 0
    (tmp_path / "disk").mkdir()
    there = '[store]\nurl = "sqlite:///disk/syndicate.db"\n[publish]\ndirectory = "disk/feeds"\n[serve]'
    (tmp_path / "full.toml").write_text(site.config.read_text("utf-8").replace("[serve]", there), encoding="utf-8")
    command = ["unshare", "-rm", "sh", "-c", FULL.format(syndicate=SYNDICATE)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "disk/syndicate.db: the disk is full; make room" in done.stderr
