"""Fetching from a hub, over real HTTP from a server of this machine, by the program as a person starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.hub.hub_server import COMMIT, FakeHub, serve

REPOSITORY = "OpenGVLab/InternVL2-Tiny"
WEIGHTS = bytes(range(256)) * 16
PIECE = 10 * 1024 * 1024  # the client writes a file in pieces of so many bytes
FILES = {
    "config.json": b'{"model_type": "internvl_chat"}',
    "generation_config.json": b"{}",
    "tokenizer_config.json": b"{}",
    "vocab.json": b'{"a": 0}',
    "merges.txt": b"#version: 0.2\n",
    "README.md": b"# A card\n",
    "LICENSE": b"MIT\n",
    "model.safetensors.index.json": b'{"weight_map": {}}',
    "model-00001-of-00002.safetensors": WEIGHTS,
    "model-00002-of-00002.safetensors": WEIGHTS[::-1],
}
NOT_NEEDED = {
    "modeling_internvl_chat.py": b"import os; os.abort()",
    "pytorch_model.bin": b"pickle",
    "training_args.bin": b"pickle",
    "consolidated.safetensors": b"the same weights once more",
    "assets/config.json": b"{}",
    "examples/image1.jpg": b"jpeg",
}
_TRAINER = Path(__file__).parents[2]
_SCHEMA = json.loads((_TRAINER / "contracts" / "fetch-event.schema.json").read_text(encoding="utf-8"))


def _environment(endpoint: str, home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HTTP", "http"))}
    return {**kept, "HF_ENDPOINT": endpoint, "HF_HOME": str(home), "NO_PROXY": "127.0.0.1"}


def _command(target: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "refbox_trainer", "fetch", REPOSITORY, "--out", str(target), *more]


def _events(output: str) -> list[dict[str, Any]]:
    events = [json.loads(line) for line in output.splitlines()]
    for event in events:
        jsonschema.validate(event, _SCHEMA)
    return events


def _fetch(hub: FakeHub, target: Path, *more: str) -> tuple[int, list[dict[str, Any]]]:
    environment = _environment(hub.endpoint, target.parent / "home")
    done = subprocess.run(
        _command(target, *more), cwd=_TRAINER, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, _events(done.stdout)


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "refbox-source.json"}


def test_only_what_a_base_model_needs_is_fetched_and_the_commit_is_recorded(tmp_path: Path) -> None:
    target = tmp_path / "models" / "tiny"
    with serve(FakeHub(REPOSITORY, {**FILES, **NOT_NEEDED})) as hub:
        code, events = _fetch(hub, target)
    assert code == 0
    assert _content(target) == FILES
    assert {name for name, _ in hub.requests} == set(FILES)
    record = json.loads((target / "refbox-source.json").read_text(encoding="utf-8"))
    assert (record["repository"], record["revision"], record["commit"]) == (REPOSITORY, "main", COMMIT)
    assert events[0]["type"] == "plan"
    assert events[0]["total_bytes"] == sum(len(content) for content in FILES.values())
    assert [event["done_bytes"] for event in events if event["type"] == "progress"][-1] == events[0]["total_bytes"]
    assert events[-1] | {"type": "done", "commit": COMMIT, "files": len(FILES)} == events[-1]
    assert [path.name for path in target.parent.iterdir()] == ["tiny"]


def test_a_killed_fetch_goes_on_at_its_byte_and_its_commit(tmp_path: Path) -> None:
    target = tmp_path / "tiny"
    large = "model-00002-of-00002.safetensors"
    files = {**FILES, large: bytes(range(256)) * 48_000}
    hub = FakeHub(REPOSITORY, files, stalls_after={large: PIECE + 1000})
    with serve(hub):
        environment = _environment(hub.endpoint, tmp_path / "home")
        with subprocess.Popen(_command(target), cwd=_TRAINER, env=environment, stdout=subprocess.DEVNULL) as process:
            part = tmp_path / ".tiny.fetching" / f"{large}.part"
            _wait_until(lambda: part.is_file() and part.stat().st_size == PIECE)
            process.send_signal(signal.SIGKILL)
        assert not target.exists()
        hub.stalls_after.clear()
        hub.requests.clear()
        # The branch has moved on: a resume must stay with the commit it began with.
        hub.commit = "f" * 40
        hub.older[COMMIT] = files
        hub.files = {**files, "config.json": b"{}", large: b"x" * 2000}
        code, events = _fetch(hub, target)
    assert code == 0
    assert _content(target) == files
    assert hub.requests == [(large, f"bytes={PIECE}-")]
    assert events[0]["commit"] == COMMIT
    assert events[0]["done_bytes"] == sum(len(content) for name, content in files.items() if name != large) + PIECE


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.mark.parametrize("name", ["model-00001-of-00002.safetensors", "vocab.json"])
def test_bytes_that_are_not_those_of_the_listing_are_refused_and_thrown_away(tmp_path: Path, name: str) -> None:
    target = tmp_path / "tiny"
    with serve(FakeHub(REPOSITORY, FILES, lies_about=name)) as hub:
        code, events = _fetch(hub, target)
        assert code == 1
        assert (events[-1]["type"], events[-1]["code"]) == ("error", "wrong_content")
        assert name in events[-1]["message"]
        left = {path.name for path in (tmp_path / ".tiny.fetching").iterdir()}
        assert not left & {name, f"{name}.part"}
        assert not target.exists()
        hub.lies_about = None
        assert _fetch(hub, target)[0] == 0
    assert _content(target) == FILES


def test_without_network_it_says_which_files_to_bring_and_where(tmp_path: Path) -> None:
    target = tmp_path / "tiny"
    nowhere = FakeHub(REPOSITORY, FILES, endpoint="http://127.0.0.1:9")
    code, events = _fetch(nowhere, target)
    assert code == 1
    assert events[0]["type"] == "copy_by_hand"
    assert (events[0]["folder"], events[0]["exact"]) == (str(target), False)
    assert "config.json" in events[0]["files"]
    assert events[1]["code"] == "no_network"
    assert str(target) in events[1]["what_to_do"]
    assert list(tmp_path.glob("*tiny*")) == []


def test_files_brought_by_hand_complete_a_fetch_whose_network_is_gone(tmp_path: Path) -> None:
    target, partial = tmp_path / "tiny", tmp_path / ".tiny.fetching"
    large = "model-00002-of-00002.safetensors"
    with serve(FakeHub(REPOSITORY, FILES, lies_about=large)) as hub:
        assert _fetch(hub, target)[0] == 1
    hub.endpoint = "http://127.0.0.1:9"
    _, events = _fetch(hub, target)
    by_hand = next(event for event in events if event["type"] == "copy_by_hand")
    assert (by_hand["folder"], by_hand["files"], by_hand["exact"]) == (str(partial), [large], True)
    (partial / large).write_bytes(b"x" * len(WEIGHTS))
    assert _fetch(hub, target)[1][-1]["code"] == "wrong_content"
    (partial / large).write_bytes(FILES[large])
    assert _fetch(hub, target)[0] == 0
    assert _content(target) == FILES


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"config.json": b"{}", "tokenizer.json": b"{}", "pytorch_model.bin": b"x"},
            "pytorch_model.bin could run code",
        ),
        ({"model.safetensors": b"x", "vocab.json": b"{}"}, "lacks a config.json"),
    ],
)
def test_a_repository_that_is_no_base_model_is_refused_before_anything_is_loaded(
    tmp_path: Path, files: dict[str, bytes], words: str
) -> None:
    with serve(FakeHub(REPOSITORY, files)) as hub:
        code, events = _fetch(hub, tmp_path / "tiny")
    assert (code, events[-1]["code"]) == (2, "bad_model")
    assert words in events[-1]["message"]
    assert hub.requests == []


def test_unknown_names_revisions_and_licences_say_what_to_do(tmp_path: Path) -> None:
    with serve(FakeHub(REPOSITORY, FILES)) as hub:
        assert _fetch(hub, tmp_path / "a", "--revision", "v9")[1][-1]["code"] == "not_found"
        hub.gated = True
        denied = _fetch(hub, tmp_path / "b")[1][-1]
    assert denied["code"] == "no_access"
    assert "HF_TOKEN" in denied["what_to_do"]
    with serve(FakeHub("somebody/else", FILES)) as hub:
        assert _fetch(hub, tmp_path / "c")[1][-1]["code"] == "not_found"


def test_a_folder_that_holds_something_else_is_left_alone_and_a_fetched_one_is_done(tmp_path: Path) -> None:
    target = tmp_path / "tiny"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    with serve(FakeHub(REPOSITORY, FILES)) as hub:
        assert _fetch(hub, target)[1][-1]["code"] == "bad_arguments"
        assert hub.requests == []
        assert _fetch(hub, tmp_path / "other")[0] == 0
        hub.requests.clear()
        assert _fetch(hub, tmp_path / "other")[1][-1]["type"] == "done"
        assert hub.requests == []
