"""What a finished run leaves behind: adapter, merged checkpoint, browser bundle, each in its own folder with hashes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from refbox_trainer.artefacts.merge import merged_copy, write_merged
from refbox_trainer.artefacts.parity import Parity, probe_logits
from refbox_trainer.config import ArtefactName
from refbox_trainer.errors import TrainerError
from refbox_trainer.events import Emit
from refbox_trainer.files import complete_folder, list_files, write_json
from refbox_trainer.model.load import LoadedModel
from refbox_trainer.training.adapter import Trainable, write_adapter


class ArtefactMaker:
    """Makes the artefacts of one run from the model in memory and its last checkpoint."""

    def __init__(
        self,
        run: Path,
        base: Path,
        checkpoint: Path,
        loaded: LoadedModel,
        trainable: Trainable,
        notes: Mapping[str, Any],
        emit: Emit,
    ) -> None:
        self._run = run
        self._base = base
        self._checkpoint = checkpoint
        self._loaded = loaded
        self._trainable = trainable
        self._notes = notes
        self._emit = emit

    def make_all(self, wanted: tuple[ArtefactName, ...], should_stop: Callable[[], bool]) -> None:
        """Make the wanted artefacts in the order in which they build on each other, and report each."""
        for name in ("adapter", "merged", "browser"):
            if name in wanted and not should_stop():
                {"adapter": self._adapter, "merged": self._merged, "browser": self._browser}[name]()

    def _adapter(self) -> None:
        target = self._folder("adapter")
        with complete_folder(target) as folder:
            write_adapter(self._trainable, folder, base_name=self._base.name, notes=self._notes)
            _write_manifest(folder, "adapter", None)
        self._report("adapter", None)

    def _merged(self) -> None:
        parity = self._write_merged(self._folder("merged"))
        self._report("merged", parity.as_json())

    def _browser(self) -> None:
        # The export is optional software (onnx); everything else must work without it.
        try:
            from refbox_trainer.artefacts.browser_bundle import export_bundle
        except ImportError as error:
            raise TrainerError(
                "export_unavailable",
                f"The browser export cannot be loaded: {error}.",
                "Install the trainer with its export requirements, or leave the browser artefact out.",
            ) from error
        merged = self._folder("merged")
        if (merged / "manifest.json").is_file():
            bundle = export_bundle(merged, self._folder("browser"), ("fp32",), self._emit)
        else:
            merged = self._run / "artefacts" / ".merged-for-browser"
            try:
                self._write_merged(merged)
                bundle = export_bundle(merged, self._folder("browser"), ("fp32",), self._emit)
            finally:
                shutil.rmtree(merged, ignore_errors=True)
        self._report("browser", _four_fields(bundle.parity))

    def _write_merged(self, target: Path) -> Parity:
        self._emit("stage", name="merge", state="begin")
        expected = probe_logits(self._trainable.model, self._loaded)
        adapter = self._checkpoint if self._trainable.peft is not None else None
        merged = merged_copy(self._base, self._trainable.model, adapter)
        parity = write_merged(merged, self._base, target, expected=expected, notes=self._notes)
        _write_manifest(target, "merged", parity.as_json())
        self._emit("stage", name="merge", state="end", detail=f"largest logit gap {parity.max_logit_gap:.1e}")
        if not parity.passed:
            gap = f"{parity.max_logit_gap:.3g}, more than {parity.tolerance}"
            self._emit("warning", code="merge_differs", message=f"The merged model's logits differ by {gap}.")
        return parity

    def _folder(self, name: str) -> Path:
        return self._run / "artefacts" / name

    def _report(self, name: ArtefactName, parity: dict[str, Any] | None) -> None:
        folder = self._folder(name)
        self._emit("artefact", name=name, path=f"artefacts/{name}", files=list_files(folder), parity=parity)


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
