"""Speed and memory of training on one GPU, with random weights in the real shapes of InternVL2-1B, 2B and 8B.

cd trainer && python ../bench/trainer_gpu.py [--size 2B] [--method lora] [--steps 10] [--tiny]

Each row runs in a process of its own: LoRA (rank 16 on the language model) and full (language model and projector),
with one sample of 6+1 tiles a forward, and with packs of several. Every step computes the visual features anew, as in
the first epoch, and takes an optimizer step. Operations are counted by PyTorch's FlopCounterMode and set against the
rate of a large bfloat16 matrix product on the same device; "useful" leaves out what activation checkpointing computes
a second time. --tiny proves the script on a CPU with small shapes in float32; its figures mean nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch

from support.trainer import hardware

# isort: split
from torch.utils.flop_counter import FlopCounterMode
from transformers import InternVLForConditionalGeneration

from refbox_trainer.config import FreezeSection, FullMethod, LoraMethod, TrainSection
from refbox_trainer.data.samples import IGNORED
from refbox_trainer.data.tiling import normalise_tiles
from refbox_trainer.model.forward import Batch, collate, hidden_states, visual_features, weighted_loss
from refbox_trainer.model.load import empty_model
from refbox_trainer.model.original_config import original_config
from refbox_trainer.model.spec import ModelSpec, spec_of_config
from refbox_trainer.training.adapter import Trainable, prepare
from refbox_trainer.training.kernels import choose_attention
from refbox_trainer.training.optimizer import build_optimizer

TILES: Final = 7
TEXT_TOKENS: Final = 120
SUPERVISED: Final = 40
IMAGE_TOKEN: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A released size. Language: hidden, layers, heads, key heads, MLP."""

    language: tuple[int, int, int, int, int]
    vocabulary: int
    qwen: bool = False
    image_size: int = 448
    vision: tuple[int, int, int, int] = (1024, 24, 16, 4096)


SHAPES: Final = {
    "1B": Shape(language=(896, 24, 14, 2, 4864), vocabulary=151655, qwen=True),
    "2B": Shape(language=(2048, 24, 16, 8, 8192), vocabulary=92553),
    "8B": Shape(language=(4096, 32, 32, 8, 14336), vocabulary=92553),
}
TINY: Final = {
    name: Shape(language=(64, 2, 4, 2, 128), vocabulary=600, qwen=shape.qwen, image_size=56, vision=(32, 2, 2, 64))
    for name, shape in SHAPES.items()
}


def spec_of(shape: Shape) -> ModelSpec:
    hidden, layers, heads, key_heads, mlp = shape.language
    width, depth, vision_heads, vision_mlp = shape.vision
    config = original_config(
        vocab_size=shape.vocabulary,
        image_size=shape.image_size,
        vision={
            "hidden_size": width,
            "num_hidden_layers": depth,
            "num_attention_heads": vision_heads,
            "intermediate_size": vision_mlp,
            "patch_size": 14,
        },
        text={
            "hidden_size": hidden,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "num_key_value_heads": key_heads,
            "intermediate_size": mlp,
        },
        end_of_text_id=1,
        end_of_turn_id=2,
    )
    if not shape.qwen:
        config["llm_config"] |= {"architectures": ["InternLM2ForCausalLM"], "model_type": "internlm2", "bias": False}
    return spec_of_config(config)


def random_model(spec: ModelSpec, device: torch.device, dtype: torch.dtype) -> InternVLForConditionalGeneration:
    """Weights are drawn on the device, one by one."""
    model = empty_model(spec, IMAGE_TOKEN)
    torch.manual_seed(0)
    for name, parameter in list(model.named_parameters()):
        module, _, leaf = name.rpartition(".")
        value = torch.empty(parameter.shape, dtype=dtype, device=device)
        drawn = value.normal_(std=0.02) if value.ndim > 1 else value.fill_(1.0 if leaf == "weight" else 0.0)
        setattr(model.get_submodule(module), leaf, torch.nn.Parameter(drawn))
    model.to(device)  # pyright: ignore[reportArgumentType, reportCallIssue] (the stub wants a dtype first)
    return model


def sample(spec: ModelSpec, vocabulary: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A question with its picture and an answer, in random words."""
    text = np.random.default_rng(seed).integers(10, vocabulary, TEXT_TOKENS)
    ids = np.concatenate([text[:20], np.full(spec.num_image_token * TILES, IMAGE_TOKEN), text[20:]])
    return ids, np.where(np.arange(len(ids)) >= len(ids) - SUPERVISED, ids, IGNORED)


class Training:
    """The parts of a run that a step needs, put together as a run does it."""

    def __init__(self, shape: Shape, method: str, samples: int, device: torch.device, options: argparse.Namespace):
        half = device.type == "cuda"
        self.spec, self.device = spec_of(shape), device
        self.model = random_model(self.spec, device, torch.bfloat16 if half else torch.float32)
        choose_attention(self.model, "auto")
        lora = method == "lora"
        freeze = FreezeSection(vision=True, projector=lora, language=False)
        settings = LoraMethod() if lora else FullMethod()
        self.trainable: Trainable = prepare(self.model, self.spec.family, settings, freeze, seed=0)
        for parameter in self.trainable.parameters().values():
            parameter.data = parameter.data.float()
        self.checkpointing = options.checkpointing
        if self.checkpointing:
            self.model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        self.model.train()
        self.parameters = list(self.trainable.parameters().values())
        train = TrainSection(optimizer=options.optimizer)
        self.optimizer = build_optimizer(self.trainable.parameters(), train)
        self.frozen = lora
        self.autocast = torch.autocast(device.type, dtype=torch.bfloat16, enabled=half)
        side = self.spec.image_size
        self.tiles = [torch.randint(0, 256, (TILES, side, side, 3), dtype=torch.uint8) for _ in range(samples)]
        self.sequences = [sample(self.spec, shape.vocabulary, number) for number in range(samples)]

    def batch(self) -> Batch:
        batch = collate(self.sequences, None, None, packed=True).to(self.device)
        with self.autocast:
            if not self.frozen:
                return batch._replace(pixel_values=normalise_tiles(torch.cat(self.tiles).to(self.device)))
            with torch.no_grad():
                each = [visual_features(self.model, normalise_tiles(tiles.to(self.device))) for tiles in self.tiles]
        return batch._replace(features=torch.cat(each))

    def step(self) -> None:
        batch = self.batch()
        with self.autocast:
            loss = weighted_loss(self.model, batch) / batch.weight
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)

    def operations(self) -> tuple[int, int]:
        """Performed in a step, and those of them that checkpointing repeats: the language model's way forward."""
        with FlopCounterMode(display=False) as performed:
            self.step()
        if not self.checkpointing:
            return performed.get_total_flops(), 0
        batch = self.batch()
        with torch.no_grad(), self.autocast:
            if batch.pixel_values is not None:
                # The vision part is frozen, so that nothing of it is computed again.
                features = visual_features(self.model, batch.pixel_values)
                batch = batch._replace(pixel_values=None, features=features)
            with FlopCounterMode(display=False) as again:
                hidden_states(self.model, batch)
        return performed.get_total_flops(), again.get_total_flops()


def matmul_rate(device: torch.device, *, tiny: bool) -> float:
    """Operations a second of a large matrix product, in bfloat16 on a GPU."""
    side, dtype = (512, torch.float32) if tiny else (8192, torch.bfloat16)
    left, right = (torch.randn(side, side, device=device, dtype=dtype) for _ in range(2))
    seconds = timed(lambda: left @ right, 20, device)
    return 2 * side**3 / seconds


def timed(work: Any, times: int, device: torch.device) -> float:
    """Seconds of one call, on average, after three that do not count."""
    for _ in range(3):
        work()
    wait(device)
    began = time.perf_counter()
    for _ in range(times):
        work()
    wait(device)
    return (time.perf_counter() - began) / times


def wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def measure(size: str, method: str, samples: int, options: argparse.Namespace) -> dict[str, Any]:
    device = torch.device("cpu" if options.tiny else "cuda")
    rate = matmul_rate(device, tiny=options.tiny)
    training = Training((TINY if options.tiny else SHAPES)[size], method, samples, device, options)
    seconds = timed(training.step, options.steps, device)
    if device.type == "cuda":
        peak = torch.cuda.max_memory_allocated(device)
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    performed, repeated = training.operations()
    return {
        "samples/s": samples / seconds,
        "tokens/s": sum(len(ids) for ids, _ in training.sequences) / seconds,
        "peak GB": peak / 1e9,
        "matmul": performed / seconds / rate,
        "useful": (performed - repeated) / seconds / rate,
        "TFLOP/s": rate / 1e12,
    }


def run_row(size: str, method: str, samples: int) -> dict[str, Any] | str:
    """In a process of its own, so that each row begins with an empty device."""
    command = [sys.executable, *sys.argv, "--row", size, method, str(samples)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    return "out of memory" if "OutOfMemoryError" in done.stderr else f"failed: {done.stderr.strip()[-300:]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=list(SHAPES), action="append")
    parser.add_argument("--method", choices=["lora", "full"], action="append")
    parser.add_argument("--packed", type=int, default=4, help="samples of a pack")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--optimizer", choices=["adamw", "adamw_8bit"], default="adamw")
    parser.add_argument("--no-checkpointing", dest="checkpointing", action="store_false")
    parser.add_argument("--tiny", action="store_true", help="small shapes on the CPU")
    parser.add_argument("--row", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.row:
        size, method, samples = options.row
        print(json.dumps(measure(size, method, int(samples), options)))
        return
    if not options.tiny and not torch.cuda.is_available():
        parser.error("there is no CUDA device here; --tiny proves the script on a CPU")
    print("tiny shapes on the CPU" if options.tiny else torch.cuda.get_device_name(), hardware(), sep="\n")
    print("| size | method | samples | samples/s | tokens/s | peak GB | of matmul rate | useful | matmul TFLOP/s |")
    print("| - | - | - | - | - | - | - | - | - |", flush=True)
    failed = False
    for size in options.size or SHAPES:
        for method in options.method or ["lora", "full"]:
            for samples in (1, options.packed):
                row = run_row(size, method, samples)
                failed = failed or (isinstance(row, str) and row.startswith("failed"))
                print(f"| {size} | {method} | {samples} | {_cells(row)} |", flush=True)
    sys.exit(1 if failed else 0)


def _cells(row: dict[str, Any] | str) -> str:
    if isinstance(row, str):
        return row
    rates = [f"{row['samples/s']:.2f}", f"{row['tokens/s']:.0f}", f"{row['peak GB']:.1f}"]
    return " | ".join([*rates, f"{row['matmul']:.0%}", f"{row['useful']:.0%}", f"{row['TFLOP/s']:.1f}"])


if __name__ == "__main__":
    main()
