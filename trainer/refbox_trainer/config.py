"""run.json: everything a run may vary. Written by the studio or by hand, read here, never edited after."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Part = Literal["language", "vision", "projector"]
ArtefactName = Literal["adapter", "merged", "browser"]


def _limits(default: Any, **bounds: float) -> Any:
    return field(default=default, metadata=bounds)


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelSection:
    path: str = field(metadata={"at_least": 1})
    """Folder of the base checkpoint, either layout."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataSection:
    train_meta: str = field(metadata={"at_least": 1})
    eval_meta: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LoraMethod:
    """Low-rank adapters beside frozen weights. Defaults are those of the published InternVL2 LoRA scripts."""

    kind: Literal["lora"] = "lora"
    rank: int = _limits(16, at_least=1, at_most=1024)
    alpha: float = _limits(32.0, above=0)
    dropout: float = _limits(0.05, at_least=0, at_most=0.9)
    targets: tuple[Part, ...] = _limits(("language",), at_least=1)
    use_rslora: bool = False
    """Scale by alpha / sqrt(rank) instead of alpha / rank."""
    use_dora: bool = False
    """Magnitude and direction apart (weight-decomposed adapters)."""
    quantization: Literal["none", "nf4"] = "none"
    """Frozen weights of the language model in 4 bits; needs a CUDA device and bitsandbytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FullMethod:
    kind: Literal["full"] = "full"


@dataclass(frozen=True, kw_only=True, slots=True)
class FreezeSection:
    """Parts that do not move. Under LoRA only the projector can be trained without an adapter; the rest is frozen."""

    vision: bool = True
    projector: bool = True
    language: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SequenceSection:
    max_length: int = _limits(4096, at_least=64)
    """Tokens of one sample, visual ones included."""
    max_dynamic_patch: int = _limits(6, at_least=1, at_most=40)
    min_dynamic_patch: int = _limits(1, at_least=1, at_most=40)
    use_thumbnail: bool = True
    packing: bool = False
    """Several samples in one sequence, each seeing only itself. Loss and gradients are those of the samples apart."""
    max_packed_tokens: int | None = _limits(None, at_least=64)
    """Tokens of one packed sequence; None = max_length."""
    max_packed_tiles: int | None = _limits(None, at_least=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainSection:
    epochs: float = _limits(1.0, above=0)
    max_steps: int | None = _limits(None, at_least=1)
    """Optimizer steps, not micro-batches; overrules epochs."""
    batch_size: int = _limits(16, at_least=1)
    """Samples per optimizer step."""
    micro_batch_size: int = _limits(4, at_least=1)
    """Samples per forward; divides batch_size."""
    learning_rate: float = _limits(4e-5, above=0)
    weight_decay: float = _limits(0.01, at_least=0)
    warmup_ratio: float = _limits(0.03, at_least=0, at_most=1)
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    max_grad_norm: float = _limits(1.0, above=0)
    adam_beta1: float = _limits(0.9, at_least=0, at_most=1)
    adam_beta2: float = _limits(0.999, at_least=0, at_most=1)
    adam_epsilon: float = _limits(1e-8, above=0)
    seed: int = _limits(42, at_least=0)
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    gradient_checkpointing: bool = True
    loss_weighting: Literal["token", "sample", "square"] = "token"
    """How supervised tokens count: all alike, each sample alike, or by the square root of its tokens."""
    question_order: Literal["shuffled", "as_written"] = "shuffled"
    """Questions of a conversation that stand on their own: in another order every epoch, or as the record has them."""
    optimizer: Literal["adamw", "adamw_8bit"] = "adamw"
    attention: Literal["auto", "eager", "sdpa", "flash_attention_2"] = "auto"
    compile: bool = False
    loader_workers: int = _limits(2, at_least=0, at_most=64)
    """Threads that prepare batches ahead of the step; 0 = in the step itself."""
    max_bad_steps: int = _limits(3, at_least=0)
    """Steps whose loss or gradient is no number are skipped; after this many in a row the run stops."""
    allow_fewer_tiles: bool = False
    """Whether a run that is out of memory may also cut pictures into fewer tiles, which changes what is learnt."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParallelSection:
    """Processes of one machine, one per GPU. The samples of a step, and their order, do not depend on it."""

    processes: int = _limits(1, at_least=1, at_most=64)
    strategy: Literal["auto", "ddp", "fsdp"] = "auto"
    """auto = ddp where the model fits each device, else fsdp."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckpointSection:
    every_steps: int = _limits(200, at_least=1)
    keep: int = _limits(1, at_least=1)
    keep_best: bool = False
    """Also keep the checkpoint with the best evaluation, and make the artefacts of that one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvaluateSection:
    every_steps: int = _limits(100, at_least=0)
    """0 = only after the last step."""
    max_samples: int = _limits(64, at_least=0)
    """Records of the evaluation set that are looked at; 0 = no evaluation."""
    max_new_tokens: int = _limits(256, at_least=1)
    metric: Literal["loss", "precision_at_1", "f1", "mean_iou"] = "loss"
    """What "best" means for keep_best and patience."""
    patience: int | None = _limits(None, at_least=1)
    """Stop after this many evaluations without a better one; None = never."""
    examples: int = _limits(4, at_least=0, at_most=64)
    """Answers per evaluation that are shown as `example` events."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunConfig:
    """The whole of run.json."""

    schema_version: Literal[1] = 1
    run_id: str = field(metadata={"at_least": 1, "at_most": 64})
    model: ModelSection
    data: DataSection
    method: LoraMethod | FullMethod
    freeze: FreezeSection = field(default_factory=FreezeSection)
    sequence: SequenceSection = field(default_factory=SequenceSection)
    train: TrainSection = field(default_factory=TrainSection)
    parallel: ParallelSection = field(default_factory=ParallelSection)
    checkpoint: CheckpointSection = field(default_factory=CheckpointSection)
    evaluate: EvaluateSection = field(default_factory=EvaluateSection)
    artefacts: tuple[ArtefactName, ...] = ()
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"


def resolve(path: str, run_json: Path) -> Path:
    """A path of run.json; relative ones start at its folder."""
    return (run_json.parent / path).resolve()
