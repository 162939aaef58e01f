"""Folders are complete or absent, whatever happens while they are written."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from refbox_trainer.errors import TrainerError
from refbox_trainer.events import EventLog
from refbox_trainer.files import complete_folder, list_files, sha256_of
from refbox_trainer.model.weights import write_tensors


def _in_child(work: Callable[[], None]) -> int:
    """Run `work` in a forked process and return the signal that ended it (0 for none)."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def test_a_kill_while_writing_leaves_the_old_folder(tmp_path: Path) -> None:
    target = tmp_path / "step"
    with complete_folder(target) as folder:
        (folder / "a").write_text("old")

    def killed() -> None:
        with complete_folder(target) as folder:
            (folder / "a").write_text("half")
            os.kill(os.getpid(), signal.SIGKILL)

    assert _in_child(killed) == signal.SIGKILL
    assert (target / "a").read_text() == "old"
    with complete_folder(target) as folder:
        assert list(folder.iterdir()) == [], "what the killed process left does not leak into the next attempt"
        (folder / "a").write_text("new")
    assert (target / "a").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["step"]


def test_a_kill_before_the_first_rename_leaves_nothing_under_the_name(tmp_path: Path) -> None:
    def killed() -> None:
        with complete_folder(tmp_path / "step") as folder:
            (folder / "a").write_text("half")
            os.kill(os.getpid(), signal.SIGKILL)

    assert _in_child(killed) == signal.SIGKILL
    assert not (tmp_path / "step").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_apart_and_cleaned_up(tmp_path: Path, number: int) -> None:
    with pytest.raises(TrainerError) as caught, complete_folder(tmp_path / "step") as folder:
        (folder / "a").write_text("half")
        raise OSError(number, os.strerror(number))
    assert caught.value.code == "disk_full"
    assert caught.value.exit_code == 5
    assert list(tmp_path.iterdir()) == []


def test_the_weights_writer_reports_the_systems_own_error(tmp_path: Path) -> None:
    def refused() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        try:
            write_tensors(tmp_path / "a.safetensors", {"a": torch.zeros(1000)})
        except OSError as error:
            (tmp_path / "errno").write_text(str(error.errno))

    _in_child(refused)
    assert (tmp_path / "errno").read_text() == str(errno.EFBIG)


def test_a_manifest_lists_every_file_but_itself(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b").write_bytes(b"xyz")
    (tmp_path / "manifest.json").write_text("{}")
    assert list_files(tmp_path) == [{"file": "sub/b", "bytes": 3, "sha256": sha256_of(tmp_path / "sub" / "b")}]


def test_events_count_on_behind_half_a_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    log = EventLog(path)
    log("warning", code="a", message="one")
    with path.open("a") as file:
        file.write('{"type": "step", "seq": 1, "lo')
    log = EventLog(path)
    log("warning", code="b", message="two")
    lines = path.read_text().splitlines()
    assert len(lines) == 3
    assert [json.loads(lines[number])["seq"] for number in (0, 2)] == [0, 1]


def test_an_event_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "run" / "events.jsonl")
    (tmp_path / "run" / "events.jsonl").mkdir()
    log("warning", code="a", message="one")
    (tmp_path / "run" / "events.jsonl").rmdir()
    log("warning", code="b", message="two")
    lines = [line for line in (tmp_path / "run" / "events.jsonl").read_text().splitlines() if line]
    assert [json.loads(line)["seq"] for line in lines] == [1]
