"""Writes a tiny browser bundle and what the trainer answers with the same weights: the page's own code must agree.

    python -m tests.make_bundle_golden ../components/assist/golden/tiny-bundle

The weights are random, so the answers are noise; that they are the same noise is the point.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import torch

from refbox_trainer.answers.generate import Prompt, generate
from refbox_trainer.artefacts.browser_bundle import export_bundle
from refbox_trainer.data.grounding import referring_question
from refbox_trainer.data.tiling import choose_grid, count_tiles, cut_tiles, normalise
from refbox_trainer.model.forward import visual_features
from refbox_trainer.model.load import load_model
from refbox_trainer.model.template import Turn, render_prompt
from refbox_trainer.model.tokens import IMAGE_CONTEXT, IMG_END, IMG_START
from tests.make_resize_golden import picture
from tests.tiny import write_tiny_checkpoint

_CASES = [((120, 80), "the red square"), ((60, 200), "第一个方块"), ((112, 112), 'it\'s "quoted", №5 — naïve 😀')]
_NEW_TOKENS = 24


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary) / "tiny"
        write_tiny_checkpoint(base)
        export_bundle(base, folder)
        loaded = load_model(base)
    spec = loaded.spec
    cases = []
    for size, expression in _CASES:
        grid = choose_grid(*size, min_tiles=1, max_tiles=spec.max_dynamic_patch, tile_size=spec.image_size)
        tiles = cut_tiles(picture(*size), grid, tile_size=spec.image_size, use_thumbnail=spec.use_thumbnail)
        assert len(tiles) == count_tiles(grid, use_thumbnail=spec.use_thumbnail)
        question = referring_question(expression)
        block = f"{IMG_START}{IMAGE_CONTEXT * (spec.num_image_token * len(tiles))}{IMG_END}"
        text = render_prompt(spec.template, [Turn("human", f"{block}\n{question}")])
        ids = torch.tensor(loaded.tokenizer.encode(text, add_special_tokens=False))
        with torch.no_grad():
            features = visual_features(loaded.model, normalise(tiles))
        answer = generate(
            loaded.model,
            [Prompt(ids, features)],
            stop_ids={loaded.tokens.end_of_turn},
            max_new_tokens=_NEW_TOKENS,
        )[0].ids
        answered = loaded.tokenizer.decode(answer, skip_special_tokens=False)
        cases.append({"size": size, "question": question, "tiles": len(tiles), "tokens": len(answer), "text": answered})
    content = json.dumps({"new_tokens": _NEW_TOKENS, "cases": cases}, indent=1, ensure_ascii=False)
    (folder.parent / f"{folder.name}.json").write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
