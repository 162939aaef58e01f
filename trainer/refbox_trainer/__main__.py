"""Command line: the flags of each verb, exit codes as in errors.py."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from refbox_trainer import __version__, verbs
from refbox_trainer.errors import EXIT_BAD_INPUT, TrainerError
from refbox_trainer.events import Emit, EventLog, no_events, print_event
from refbox_trainer.failure import as_trainer_error


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit status."""
    options = _parser().parse_args(arguments)
    if options.verb != "fetch":
        # Nothing else needs the network: models and data are folders. Libraries must not look anything up either.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    # Threads that spin while they wait are no faster alone and several times slower beside other programs: on two
    # cores shared with a web server and a build, a step took 10 s of processor time instead of 1.5 s.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # Notes of transformers and peft to each other about renamed attributes; nothing a user could act on.
    warnings.filterwarnings("ignore", category=FutureWarning, module="transformers")
    warnings.filterwarnings("ignore", message="The PEFT config's `base_model_name_or_path`")
    emit: Emit = no_events
    try:
        # Of several processes of a run the first one speaks.
        if options.verb == "train" and os.environ.get("RANK", "0") == "0":
            emit = EventLog(options.out / "events.jsonl")
        elif options.verb == "fetch":
            emit = print_event
        return options.action(options, emit)
    except TrainerError as error:
        return _fail(error, emit)
    except KeyboardInterrupt:
        return _fail(TrainerError("interrupted", "Interrupted.", "Resume from the last checkpoint."), emit)
    except Exception as error:
        return _fail(as_trainer_error(error), emit)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_BAD_INPUT, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m refbox_trainer", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    subparsers = parser.add_subparsers(dest="verb", required=True, metavar="VERB", parser_class=_Parser)

    def verb(name: str, action: Callable[[argparse.Namespace, Emit], int], words: str) -> argparse.ArgumentParser:
        added = subparsers.add_parser(name, help=words, description=words)
        added.set_defaults(action=action)
        return added

    check = verb("check", verbs.check, "Report every problem of a run as JSON lines; exit 0 fine, 2 problems.")
    check.add_argument("run", type=Path, metavar="RUN.json")
    check.add_argument("--show", type=int, default=3, metavar="N", help="samples whose supervised text is shown")

    estimate = verb("estimate", verbs.estimate, "Memory by part, time and disk of a run, as JSON.")
    estimate.add_argument("run", type=Path, metavar="RUN.json")
    estimate.add_argument("--measure", action="store_true", help="make two steps here and correct the figures by them")
    estimate.add_argument("--device-bytes", type=_count, metavar="N", help="memory of a card that is not here")
    estimate.add_argument("--seconds-per-step", type=float, metavar="S", help="known from elsewhere")
    estimate.add_argument("--flops", type=float, metavar="N", help="operations a second that training reaches")

    train = verb("train", verbs.train, "Fine-tune as RUN.json says.")
    train.add_argument("run", type=Path, metavar="RUN.json")
    train.add_argument("--out", type=Path, required=True, metavar="DIR")
    train.add_argument("--resume", action="store_true", help="continue from the newest checkpoint in DIR")

    inspect = verb("inspect", verbs.inspect, "Write the exact tensors and texts a model is fed.")
    _model_and_meta(inspect)
    inspect.add_argument("--out", type=Path, required=True, metavar="F.safetensors")
    inspect.add_argument("--logits", action="store_true")
    inspect.add_argument("--limit", type=_count, metavar="N")
    inspect.add_argument("--max-dynamic-patch", type=_count, metavar="N")
    inspect.add_argument("--max-length", type=_count, default=4096, metavar="N")

    merge = verb("merge", verbs.merge, "Merge an adapter into its base.")
    merge.add_argument("--model", type=Path, required=True, metavar="BASE")
    merge.add_argument("--adapter", type=Path, required=True, metavar="DIR")
    merge.add_argument("--out", type=Path, required=True, metavar="DIR")
    merge.add_argument("--layout", choices=["original", "native"], help="default: that of the base")
    merge.add_argument("--meta", type=Path, metavar="META.json", help="held-out records to compare answers on")
    merge.add_argument("--limit", type=_count, default=8, metavar="N", help="records of --meta, default 8")

    convert = verb("convert", verbs.convert, "Write a checkpoint in the other layout; merges the original's LoRA.")
    convert.add_argument("--model", type=Path, required=True, metavar="DIR")
    convert.add_argument("--out", type=Path, required=True, metavar="DIR")
    convert.add_argument("--layout", choices=["original", "native"], required=True)

    export = verb("export", verbs.export, "Write the browser bundle of a merged checkpoint.")
    export.add_argument("--model", type=Path, required=True, metavar="DIR")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    export.add_argument("--dtype", default="fp32", metavar="LIST", help="comma separated: fp32, fp16, int8, q4f16")
    export.add_argument("--meta", type=Path, metavar="META.json", help="measure the boxes of each edition on this data")
    export.add_argument("--limit", type=_count, default=16, metavar="N", help="records of META.json to measure on")

    predict = verb("predict", verbs.predict, "Ask a model every question of a dataset.")
    predict.add_argument("--model", type=Path, required=True, metavar="DIR")
    _questions(predict)
    predict.add_argument(
        "--root", type=Path, metavar="DIR", help="where the pictures of a split lie; default: beside it"
    )
    predict.add_argument("--out", type=Path, required=True, metavar="P.jsonl")
    predict.add_argument("--adapter", type=Path, metavar="DIR", help="adapter or checkpoint to put on the model")
    predict.add_argument("--device", choices=["auto", "cpu", "cuda", "mps"], default="auto")
    predict.add_argument("--limit", type=_count, metavar="N", help="records")
    predict.add_argument("--max-dynamic-patch", type=_count, metavar="N")
    predict.add_argument("--max-new-tokens", type=_count, metavar="N", help="default: 256, for --refcoco 100")
    predict.add_argument("--batch-size", type=_count, default=16, metavar="N", help="questions at once")
    predict.add_argument(
        "--refused", type=Path, metavar="R.jsonl", help="leave out pictures that cannot be opened and list them here"
    )
    predict.add_argument("--precision", choices=["auto", "float32", "bfloat16"], default="auto")

    evaluate = verb("evaluate", verbs.evaluate, "Measure predictions against their dataset.")
    evaluate.add_argument("--predictions", type=Path, required=True, metavar="P.jsonl")
    evaluate.add_argument("--baseline", type=Path, metavar="P.jsonl", help="predictions of the model to compare with")
    _questions(evaluate)
    evaluate.add_argument("--resamples", type=_count, default=1000, metavar="N", help="draws behind the intervals")
    evaluate.add_argument("--seed", type=int, default=0, metavar="N")
    evaluate.add_argument("--out", type=Path, required=True, metavar="METRICS.json")

    fetch = verb("fetch", verbs.fetch, "Fetch a base model from a hub; events as JSON lines, resumable.")
    fetch.add_argument("repository", metavar="ID", help="owner/name, for example OpenGVLab/InternVL2-2B")
    fetch.add_argument("--out", type=Path, required=True, metavar="DIR")
    fetch.add_argument("--revision", metavar="R", help="branch, tag or commit; default: the newest")
    fetch.add_argument("--source", choices=["huggingface", "modelscope"], default="huggingface")
    return parser


def _model_and_meta(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, required=True, metavar="DIR")
    parser.add_argument("--meta", type=Path, required=True, metavar="META.json")


def _questions(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--meta", type=Path, metavar="META.json")
    source.add_argument("--refcoco", type=Path, metavar="SPLIT.jsonl", help="a published split, by its own protocol")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number


def _fail(error: TrainerError, emit: Emit) -> int:
    emit("error", code=error.code, message=error.message, what_to_do=error.what_to_do)
    verbs.say(f"error [{error.code}] {error.message} {error.what_to_do}")
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
