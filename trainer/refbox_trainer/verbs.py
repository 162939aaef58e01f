"""What each verb does with its flags. Torch is imported only by the verbs that need it."""

from __future__ import annotations

import argparse
import json
import sys

from refbox_trainer.errors import EXIT_BAD_INPUT, EXIT_OK, TrainerError
from refbox_trainer.events import Emit


def check(options: argparse.Namespace, emit: Emit) -> int:
    from refbox_trainer.checks.problems import Problems
    from refbox_trainer.checks.run_check import check_run

    problems = Problems()
    checked = check_run(options.run, problems)
    if checked is not None:
        from refbox_trainer.checks.device_check import look_deeper

        look_deeper(checked, problems, show=options.show)
    for problem in problems.found:
        print(json.dumps(problem.as_json(), ensure_ascii=False))
    return EXIT_BAD_INPUT if problems.errors else EXIT_OK


def estimate(options: argparse.Namespace, emit: Emit) -> int:
    from refbox_trainer.checks.estimate import Assumed, estimate, read_checked
    from refbox_trainer.checks.measure import calibrate

    assumed = Assumed(device_bytes=options.device_bytes, seconds_per_step=options.seconds_per_step, flops=options.flops)
    checked = read_checked(options.run)
    found = estimate(checked, options.run, assumed)
    if options.measure:
        found = calibrate(found, checked, options.run, assumed)
    print(json.dumps(found, ensure_ascii=False))
    return EXIT_OK


def train(options: argparse.Namespace, emit: Emit) -> int:
    from refbox_trainer.training.launch import processes_to_start, start_processes

    out = options.out.resolve()
    count = processes_to_start(options.run)
    if count > 1:
        resume = ["--resume"] if options.resume else []
        return start_processes(["train", str(options.run), "--out", str(out), *resume], count, out)
    from refbox_trainer.training.signals import StopRequest

    stop = StopRequest().listen()
    from refbox_trainer.training.heartbeat import Heartbeat
    from refbox_trainer.training.run import run_training

    with Heartbeat(emit) as beating:
        run_training(options.run, out, resume=options.resume, emit=beating, should_stop=stop)
    return EXIT_OK


def inspect(options: argparse.Namespace, emit: Emit) -> int:
    from refbox_trainer.checks import inspection

    count = inspection.inspect(
        options.model,
        options.meta,
        options.out,
        with_logits=options.logits,
        limit=options.limit,
        max_dynamic_patch=options.max_dynamic_patch,
        max_length=options.max_length,
        warn=say,
    )
    say(f"{count} records written to {options.out}")
    return EXIT_OK


def merge(options: argparse.Namespace, emit: Emit) -> int:
    import shutil

    from refbox_trainer.answers.prediction_job import questions_of_meta
    from refbox_trainer.artefacts.merge import merge
    from refbox_trainer.files import write_json

    questions = None if options.meta is None else questions_of_meta(options.meta, options.limit)
    parity = merge(options.model, options.adapter, options.out, layout=options.layout, questions=questions)
    if not parity.passed:
        shutil.rmtree(options.out)
        raise TrainerError(
            "merge_differs",
            f"The merged model answers differently from base and adapter: logits are up to {parity.max_logit_gap:.2e}"
            f" apart, where {parity.tolerance:g} is allowed.",
            "Nothing was kept. Report this with the model's config.json and adapter_config.json.",
        )
    write_json(options.out / "parity.json", parity.report())
    print(json.dumps({"out": str(options.out), "parity": parity.report()}))
    return EXIT_OK


def convert(options: argparse.Namespace, emit: Emit) -> int:
    from refbox_trainer.model.convert import convert

    conversion = convert(options.model, options.out, options.layout)
    print(json.dumps({"out": str(options.out), **conversion.as_json()}))
    return EXIT_OK


def export(options: argparse.Namespace, emit: Emit) -> int:
    try:
        from refbox_trainer.artefacts.browser_bundle import export_bundle
    except ImportError as error:
        raise TrainerError(
            "export_unavailable", f"The browser export cannot be loaded: {error}.", "Install onnx and onnxscript."
        ) from error

    questions = None
    if options.meta is not None:
        from refbox_trainer.answers.prediction_job import questions_of_meta

        questions = questions_of_meta(options.meta, options.limit)
    bundle = export_bundle(options.model, options.out, options.dtype.split(","), emit, questions=questions)
    print(json.dumps({"out": str(options.out), "files": len(bundle.files), "editions": bundle.editions}))
    return EXIT_OK


def predict(options: argparse.Namespace, emit: Emit) -> int:
    from refbox_trainer.answers import refcoco
    from refbox_trainer.answers.predict import DEFAULT_NEW_TOKENS
    from refbox_trainer.answers.prediction_job import predict_file, questions_of_meta, questions_of_refcoco

    official = options.refcoco is not None
    lines = predict_file(
        options.model,
        options.out,
        questions_of_refcoco(options.refcoco, options.root or options.refcoco.parent, options.limit)
        if official
        else questions_of_meta(options.meta, options.limit),
        adapter=options.adapter,
        device=options.device,
        precision=options.precision,
        batch_size=options.batch_size,
        max_dynamic_patch=options.max_dynamic_patch or (refcoco.MOST_TILES if official else None),
        max_new_tokens=options.max_new_tokens or (refcoco.NEW_TOKENS if official else DEFAULT_NEW_TOKENS),
        say=say,
        refused=options.refused,
    )
    say(f"{lines} predictions written to {options.out}")
    return EXIT_OK


def evaluate(options: argparse.Namespace, emit: Emit) -> int:
    from refbox_trainer.answers.bootstrap import Draws
    from refbox_trainer.answers.evaluate import truths_of_meta, truths_of_refcoco
    from refbox_trainer.answers.report import evaluate_files
    from refbox_trainer.files import write_json

    truths = truths_of_refcoco(options.refcoco) if options.refcoco else truths_of_meta(options.meta)
    draws = Draws(resamples=options.resamples, seed=options.seed)
    content = evaluate_files(options.predictions, options.baseline, truths, draws, say)
    write_json(options.out, content)
    print(json.dumps({key: value for key, value in content.items() if isinstance(value, (int, float))}))
    return EXIT_OK


def fetch(options: argparse.Namespace, emit: Emit) -> int:
    from refbox_trainer.hub.fetch import fetch

    target = options.out.resolve()
    fetch(options.repository, target, revision=options.revision, source=options.source, emit=emit)
    return EXIT_OK


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
