"""Checkpoints come into memory once, and lacking tokens get their rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from refbox_trainer.artefacts.parity import probe_logits
from refbox_trainer.errors import TrainerError
from refbox_trainer.model.load import EMBEDDING, load_model
from refbox_trainer.model.save import save_like_base
from refbox_trainer.model.vocabulary import grow_rows
from tests.families import reference
from tests.tiny_families import SIZES, write_checkpoint, write_shards
from tests.tiny_tokenizers import NINE, write_yi_tokenizer

_LOAD_WITH_LIMIT = """
import resource, sys
import torch
torch.set_num_threads(1)
from refbox_trainer.model.load import load_model
used = int(next(line for line in open("/proc/self/status") if line.startswith("VmData")).split()[1]) * 1024
resource.setrlimit(resource.RLIMIT_DATA, (used + int(sys.argv[2]),) * 2)
model = load_model(sys.argv[1]).model
print(sum(parameter.numel() for parameter in model.parameters()) * 4)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="limits of private memory are a matter of Linux")
def test_loading_needs_the_model_and_no_second_copy(tmp_path: Path) -> None:
    """100 MB of float32 weights load where 80 MB more may be taken. One shard of five is mapped meanwhile, and threads
    bring stacks; a second copy would need 100 MB on top of these."""
    size = replace(SIZES["2B"], shards=5, text={**SIZES["2B"].text, "hidden_size": 1024, "intermediate_size": 3072})
    write_checkpoint(tmp_path, replace(size, text={**size.text, "num_attention_heads": 16}))
    files = sum(path.stat().st_size for path in tmp_path.glob("*.safetensors"))
    program = [sys.executable, "-c", _LOAD_WITH_LIMIT, str(tmp_path), str(files * 9 // 5)]
    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 100_000_000
    assert int(done.stdout) == pytest.approx(files, rel=0.01)


def test_the_loaded_model_does_not_hang_on_its_files(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, SIZES["40B"])
    loaded = load_model(tmp_path, dtype=None)
    before = loaded.model.lm_head.weight.detach().clone()
    path = tmp_path / "model.safetensors"
    content = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(len(content) // 2)
        file.write(os.urandom(len(content) // 2))
    assert torch.equal(loaded.model.lm_head.weight, before)


def test_the_stored_type_is_kept_when_asked(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, SIZES["8B"], dtype=torch.bfloat16)
    loaded = load_model(tmp_path, dtype=None)
    assert loaded.stored_dtype == torch.bfloat16
    assert {parameter.dtype for parameter in loaded.model.parameters()} == {torch.bfloat16}


def write_without_nine(folder: Path) -> int:
    """A Yi checkpoint whose vocabulary ends before seven of the nine tokens, padded by five rows."""
    write_checkpoint(folder, SIZES["40B"])
    rows = write_yi_tokenizer(folder, nine=False)
    weights, config = reference.read(folder)
    for name in ("language_model.model.embed_tokens.weight", "language_model.lm_head.weight"):
        weights[name] = torch.cat([weights[name][:rows], torch.full((5, 48), 9.0)])
    config["llm_config"]["vocab_size"] = rows + 5
    (folder / "config.json").write_text(json.dumps(config))
    write_shards(folder, weights, 1)
    return rows


def test_lacking_tokens_get_rows_of_their_own(tmp_path: Path) -> None:
    rows = write_without_nine(tmp_path)
    loaded = load_model(tmp_path)
    assert loaded.added_tokens == NINE[2:]
    embedding, head = loaded.model.get_input_embeddings().weight, loaded.model.lm_head.weight
    stored, _ = reference.read(tmp_path)
    for matrix, name in ((embedding, "model.embed_tokens"), (head, "lm_head")):
        assert isinstance(matrix, torch.Tensor)
        assert matrix.shape == (rows + 7, 48), "as many rows as tokens, however many the checkpoint was padded to"
        old = stored[f"language_model.{name}.weight"][:rows]
        assert torch.equal(matrix[:rows], old)
        torch.testing.assert_close(matrix[rows:], old.mean(dim=0).expand(7, 48))


def test_a_checkpoint_with_new_rows_is_complete_when_saved(tmp_path: Path) -> None:
    rows = write_without_nine(tmp_path / "base")
    loaded = load_model(tmp_path / "base")
    for layout in ("original", "native"):
        save_like_base(loaded, tmp_path / "base", tmp_path / layout, dtype=torch.float32, layout=layout)
        again = load_model(tmp_path / layout)
        assert again.added_tokens == ()
        assert again.tokens == loaded.tokens
        for ours, theirs in zip(probe_logits(loaded.model, loaded), probe_logits(again.model, again), strict=True):
            assert torch.equal(ours, theirs)
    config = json.loads((tmp_path / "original" / "config.json").read_text())
    assert config["llm_config"]["vocab_size"] == rows + 7


def test_tokens_that_the_embedding_does_not_reach_count_as_added(tmp_path: Path) -> None:
    """Tokenizer files of a release beside the weights of its language model."""
    write_checkpoint(tmp_path, SIZES["76B"])
    weights, config = reference.read(tmp_path)
    rows = config["llm_config"]["vocab_size"] - 9
    for name in ("language_model.model.embed_tokens.weight", "language_model.lm_head.weight"):
        weights[name] = weights[name][:rows].contiguous()
    config["llm_config"]["vocab_size"] = rows
    (tmp_path / "config.json").write_text(json.dumps(config))
    for path in tmp_path.glob("*.safetensors*"):
        path.unlink()
    write_shards(tmp_path, weights, 1)
    loaded = load_model(tmp_path)
    assert loaded.added_tokens == NINE
    assert loaded.model.lm_head.weight.shape[0] == rows + 9


def test_rows_grow_in_the_type_of_the_weights() -> None:
    old = torch.arange(12, dtype=torch.bfloat16).reshape(6, 2)
    grown = dict(grow_rows([(EMBEDDING, old), ("other", old)], 8, (5, 6, 7)))
    assert grown["other"] is old
    assert grown[EMBEDDING].dtype == torch.bfloat16
    assert grown[EMBEDDING].tolist() == [*old[:5].tolist(), [4.0, 5.0], [4.0, 5.0], [4.0, 5.0]]


@pytest.mark.parametrize(("part", "key"), [("llm_config", "num_attention_heads"), ("vision_config", "hidden_size")])
def test_a_size_that_the_config_leaves_out_is_asked_for(tmp_path: Path, part: str, key: str) -> None:
    write_checkpoint(tmp_path, SIZES["2B"])
    config = json.loads((tmp_path / "config.json").read_text())
    del config[part][key]
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(TrainerError, match=rf"{part}\.{key} must be a positive whole number"):
        load_model(tmp_path)


def test_heads_that_do_not_fit_the_fused_matrix_are_reported(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, SIZES["8B"])
    config = json.loads((tmp_path / "config.json").read_text())
    config["llm_config"]["num_key_value_heads"] = 3
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(TrainerError, match=r"attention\.wqkv\.weight has shape \[80, 48\]"):
        load_model(tmp_path)
