"""Turn a pre-training run into the checkpoint folder that everybody uses: `python -m nano.publish --run DIR --out
RefBox-Nano`.

The folder is in the original InternVL2 layout (bf16), so that the same code path loads it as any InternVL2
checkpoint.
"""

import argparse
import shutil
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer

from refbox_trainer.model.original_config import original_config
from refbox_trainer.model.save import save_original

from .architecture import DECODER, IMAGE_SIZE, PATCH_SIZE, ROPE_THETA, TOWER, build_nano, nano_config

CARD = Path(__file__).parent / "CARD.md"


def nano_original_config(tokenizer: Any) -> dict[str, Any]:
    """config.json in the original layout. One tile is the trained tiling, so `max_dynamic_patch` is 1."""
    vocabulary = tokenizer.get_vocab()
    config = original_config(
        vocab_size=len(tokenizer),
        image_size=IMAGE_SIZE,
        vision={**TOWER, "patch_size": PATCH_SIZE},
        text=DECODER,
        max_dynamic_patch=1,
        max_position_embeddings=4096,
        end_of_text_id=vocabulary["<|endoftext|>"],
        end_of_turn_id=vocabulary["<|im_end|>"],
    )
    config["llm_config"]["rope_theta"] = ROPE_THETA
    # No code files lie in this folder: the entry would make Auto classes ask to run what is not there.
    del config["auto_map"]
    return config


def publish(run: Path, out: Path) -> None:
    """Write the weights of `run`/state.pt without the throw-away heads, and the model card. Replaces `out`."""
    tokenizer = AutoTokenizer.from_pretrained(run / "tokenizer")
    vocabulary = tokenizer.get_vocab()
    model = build_nano(
        nano_config(len(tokenizer), vocabulary["<IMG_CONTEXT>"], vocabulary["<|im_end|>"], vocabulary["<|endoftext|>"]),
        seed=0,
    )
    state = torch.load(run / "state.pt", map_location="cpu", weights_only=True)["nano"]
    model.load_state_dict(
        {name.removeprefix("model."): tensor for name, tensor in state.items() if name.startswith("model.")}
    )
    model.generation_config.eos_token_id = vocabulary["<|im_end|>"]
    save_original(model, tokenizer, nano_original_config(tokenizer), out)
    shutil.copyfile(CARD, out / "README.md")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--run", type=Path, required=True, help="folder of the pre-training run")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    arguments = parser.parse_args()
    publish(arguments.run, arguments.out)


if __name__ == "__main__":
    main()
