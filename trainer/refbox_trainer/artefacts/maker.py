"""What a finished run leaves behind: adapter, merged checkpoint, browser bundle, each in its own folder with hashes.

Everything is made anew from the base and one checkpoint, not from the model in memory: that may lie spread over several
devices, in 4 bits, or at a later step than the best one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import torch

from refbox_trainer.artefacts.merge import merge, write_merged
from refbox_trainer.artefacts.parity import Parity, probe_logits
from refbox_trainer.config import ArtefactName, FullMethod, RunConfig
from refbox_trainer.data.questions import Question
from refbox_trainer.errors import TrainerError
from refbox_trainer.events import Emit
from refbox_trainer.files import complete_folder, list_files, write_json
from refbox_trainer.model.load import load_model
from refbox_trainer.model.spec import ModelSpec
from refbox_trainer.training.adapter import ADAPTER_CONFIG, ADAPTER_WEIGHTS, NOTES_FILE
from refbox_trainer.training.checkpoint import full_weights

_IN_ORDER: Final[tuple[ArtefactName, ...]] = ("adapter", "merged", "browser")
"""Each may build on the one before."""

_SMALL_BYTES: Final = 100_000_000
"""Of 16-bit weights: twice that in fp32 is what the page takes for a small model."""


class ArtefactMaker:
    """Makes the artefacts of one run. What does not answer like what was trained is not left behind."""

    def __init__(
        self,
        run: Path,
        base: Path,
        checkpoint: Path,
        config: RunConfig,
        emit: Emit,
        *,
        questions: Callable[[ModelSpec], Sequence[Question]] | None = None,
    ) -> None:
        """`questions` gives held-out ones that the artefacts are asked beside the fixed probes."""
        self._folder = run / "artefacts"
        self._base = base
        self._checkpoint = checkpoint
        self._config = config
        self._emit = emit
        self._questions = questions

    def make_all(self, should_stop: Callable[[], bool]) -> None:
        """Make what run.json asks for and report each, or why it is not offered."""
        wanted = self._config.artefacts
        if "adapter" in wanted and not should_stop():
            self._adapter()
        if not {"merged", "browser"} & set(wanted) or should_stop():
            return
        with self._candidate() as merged:
            parity = self._merge(merged)
            if not parity.passed:
                gap = f"its logits differ by {parity.max_logit_gap:.3g}, where {parity.tolerance:g} is allowed"
                for name in _IN_ORDER[1:]:
                    if name in wanted:
                        self._refuse(name, f"the merged model does not answer like the trained one: {gap}")
                return
            if "browser" in wanted and not should_stop():
                self._browser(merged)
            if "merged" in wanted:
                _put(merged, self._folder / "merged")
                self._report("merged", parity.as_json())

    def _adapter(self) -> None:
        with complete_folder(self._folder / "adapter") as folder:
            for name in (ADAPTER_CONFIG, ADAPTER_WEIGHTS, NOTES_FILE):
                shutil.copyfile(self._checkpoint / name, folder / name)
            _write_manifest(folder, "adapter", None)
        self._report("adapter", None)

    @contextmanager
    def _candidate(self) -> Iterator[Path]:
        """A folder for weights that have not proved themselves yet. Nobody looks for artefacts under this name."""
        candidate = self._folder / ".candidate"
        shutil.rmtree(candidate, ignore_errors=True)
        try:
            yield candidate
        finally:
            shutil.rmtree(candidate, ignore_errors=True)

    def _merge(self, target: Path) -> Parity:
        self._emit("stage", name="merge", state="begin")
        if isinstance(self._config.method, FullMethod):
            parity = self._write_full(target)
        else:
            parity = merge(self._base, self._checkpoint, target, questions=self._questions)
        write_json(target / "parity.json", parity.report())
        _write_manifest(target, "merged", parity.as_json())
        self._emit("stage", name="merge", state="end", detail=f"largest logit gap {parity.max_logit_gap:.1e}")
        return parity

    def _write_full(self, target: Path) -> Parity:
        loaded = load_model(self._base)
        parameters = dict(loaded.model.named_parameters())
        with torch.no_grad():
            for name, tensor in full_weights(self._checkpoint).items():
                parameters[name].copy_(tensor)
        notes = json.loads((self._checkpoint / NOTES_FILE).read_text(encoding="utf-8"))
        expected = probe_logits(loaded.model, loaded)
        return write_merged(loaded, self._base, target, expected=expected, notes=notes)

    def _browser(self, merged: Path) -> None:
        # The export is optional software (onnx); everything else must work without it.
        try:
            from refbox_trainer.artefacts.browser_bundle import export_bundle
        except ImportError as error:
            raise TrainerError(
                "export_unavailable",
                f"The browser export cannot be loaded: {error}.",
                "Install the trainer with its export requirements, or leave the browser artefact out.",
            ) from error
        try:
            bundle = export_bundle(
                merged, self._folder / "browser", _browser_dtypes(merged), self._emit, questions=self._questions
            )
        except TrainerError as error:
            if error.code != "export_differs":
                raise
            self._refuse("browser", error.message)
            return
        self._report("browser", _four_fields(bundle.parity))

    def _refuse(self, name: ArtefactName, reason: str) -> None:
        # An older one of the same run would be taken for this one.
        shutil.rmtree(self._folder / name, ignore_errors=True)
        self._emit("warning", code="artefact_refused", message=f'The artefact "{name}" is not offered: {reason}.')

    def _report(self, name: ArtefactName, parity: dict[str, Any] | None) -> None:
        files = list_files(self._folder / name)
        self._emit("artefact", name=name, path=f"artefacts/{name}", files=files, parity=parity)


def _browser_dtypes(merged: Path) -> tuple[str, ...]:
    """Small models run exactly as they are. Of large ones one edition for each runtime; their fp32 graphs would not
    fit into the 4 GB of WebAssembly."""
    weight_bytes = sum(path.stat().st_size for path in merged.glob("*.safetensors"))
    return ("fp32",) if weight_bytes <= _SMALL_BYTES else ("int8", "q4f16")


def _put(candidate: Path, target: Path) -> None:
    """Give a folder that proved itself its name."""
    with complete_folder(target) as folder:
        for path in candidate.iterdir():
            path.rename(folder / path.name)


def _write_manifest(folder: Path, name: str, parity: dict[str, Any] | None) -> None:
    manifest: dict[str, Any] = {"schema_version": 1, "name": name, "files": list_files(folder)}
    write_json(folder / "manifest.json", manifest if parity is None else {**manifest, "parity": parity})


def _four_fields(parity: Any) -> dict[str, Any]:
    return {
        "max_logit_gap": float(parity.max_logit_gap),
        "samples": int(parity.samples),
        "tolerance": float(parity.tolerance),
        "passed": bool(parity.passed),
    }
