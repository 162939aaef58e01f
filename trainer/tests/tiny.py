"""A random-weight InternVL2 checkpoint of the Qwen2 family, small enough for every test to load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

from refbox_trainer.model.load import LoadedModel, new_model
from refbox_trainer.model.original_config import original_config
from refbox_trainer.model.save import save_original
from refbox_trainer.model.tokenizer_files import new_qwen2_tokenizer

_CORPUS = [
    "Please provide the bounding box coordinate of the region this sentence describes: the red square",
    "请提供以下描述所对应区域的边界框坐标：红色方块",
    "Sure, I will detect and label all objects in the image and mark their positions.",
    "There is no blue circle in this image. [[12, 34, 567, 890], [1, 2, 3, 4]] decision process terminal arrow",
    "system user assistant 你是由上海人工智能实验室联合商汤科技开发的书生多模态大模型，英文名叫InternVL",
]


def tiny_tokenizer() -> Any:
    """A byte-level BPE tokenizer of about 400 pieces trained on a few sentences."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PRETOKENIZE_REGEX), behavior="isolated", invert=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(_CORPUS * 4, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return new_qwen2_tokenizer(model["vocab"], [tuple(merge) for merge in model["merges"]])


def tiny_config(vocab_size: int, end_of_text_id: int, end_of_turn_id: int, **changes: Any) -> dict[str, Any]:
    """Original-layout config: two ViT layers of width 32, two LLM layers of width 48 with grouped heads."""
    config = original_config(
        vocab_size=vocab_size,
        image_size=112,
        vision={
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "patch_size": 14,
        },
        text={
            "hidden_size": 48,
            "intermediate_size": 96,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
        },
        end_of_text_id=end_of_text_id,
        end_of_turn_id=end_of_turn_id,
    )
    return {**config, **changes}


def tiny_model(seed: int = 0, **changes: Any) -> tuple[LoadedModel, dict[str, Any]]:
    """The model in memory and its original-layout config."""
    tokenizer = tiny_tokenizer()
    vocabulary = tokenizer.get_vocab()
    config = tiny_config(len(tokenizer), vocabulary["<|endoftext|>"], vocabulary["<|im_end|>"], **changes)
    loaded = new_model(config, tokenizer, seed=seed)
    generator = torch.Generator().manual_seed(seed + 1)
    with torch.no_grad():
        # Fresh models start with zero biases, zero positions and unit norms, which would hide a wrong mapping.
        for parameter in loaded.model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.05)
    return loaded, config


def write_tiny_checkpoint(folder: Path, *, dtype: torch.dtype = torch.float32, seed: int = 0, **changes: Any) -> None:
    """Write it in the original layout."""
    loaded, config = tiny_model(seed, **changes)
    save_original(loaded.model, loaded.tokenizer, config, folder, dtype=dtype)
