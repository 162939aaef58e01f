"""What the slow tokenizer classes of transformers 4.37 do with a text, written from their description.

Llama's and InternLM2's classes cut the text at the added tokens and give each piece between them to sentencepiece.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2

_SPACE = "\u2581"


def slow_ids(folder: Path, text: str) -> list[int]:
    """Ids of `text` with bos where the class writes one."""
    config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    proto = sentencepiece_model_pb2.ModelProto()  # pyright: ignore[reportAttributeAccessIssue] (made at run time)
    proto.ParseFromString((folder / "tokenizer.model").read_bytes())
    legacy = config["tokenizer_class"] == "InternLM2Tokenizer" or config.get("legacy", True)
    if not legacy:
        proto.normalizer_spec.add_dummy_prefix = False
    pieces = sentencepiece.SentencePieceProcessor(model_proto=proto.SerializeToString())
    added = {entry["content"]: (int(number), entry) for number, entry in config["added_tokens_decoder"].items()}
    named = [config[key] for key in ("bos_token", "eos_token", "unk_token", "pad_token")]
    declared = {*named, *config["additional_special_tokens"]}
    if not legacy:
        text = _SPACE + text.replace(_SPACE, " ")
    border = "|".join(re.escape(token) for token in sorted(added, key=len, reverse=True))
    parts = [part for part in re.split(f"({border})", text) if part]
    for place, part in enumerate(parts[:-1]):
        if part in added and added[part][1]["rstrip"]:
            parts[place + 1] = parts[place + 1].lstrip()
    if not legacy and len(parts) > 1 and parts[0] == _SPACE and parts[1] in declared:
        parts = parts[1:]
    ids = [pieces.bos_id()] if config.get("add_bos_token", True) else []
    for part in parts:
        if part in added:
            ids.append(added[part][0])
        elif part:
            ids += pieces.encode(part)
    return ids
