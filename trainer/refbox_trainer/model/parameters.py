"""How many parameters a checkpoint has, part by part, from its config alone."""

from __future__ import annotations

from typing import NamedTuple

from refbox_trainer.model.load import EMBEDDING, HEAD, empty_model
from refbox_trainer.model.spec import ModelSpec


class ParameterCounts(NamedTuple):
    """Numbers of weights. `language` are the layers and the last norm; a head tied to the embedding counts 0."""

    vision: int
    projector: int
    embedding: int
    language: int
    head: int

    @property
    def total(self) -> int:
        return sum(self)


def count_parameters(spec: ModelSpec, *, tied: bool = False) -> ParameterCounts:
    """Exact counts; no memory is taken for the weights."""
    model = empty_model(spec, image_token_id=0, tied=tied)
    sizes = {name: parameter.numel() for name, parameter in model.named_parameters()}
    embedding, head = sizes.pop(EMBEDDING), sizes.pop(HEAD, 0)

    def below(prefix: str) -> int:
        return sum(size for name, size in sizes.items() if name.startswith(prefix))

    return ParameterCounts(
        vision=below("model.vision_tower."),
        projector=below("model.multi_modal_projector."),
        embedding=embedding,
        language=below("model.language_model."),
        head=head,
    )
