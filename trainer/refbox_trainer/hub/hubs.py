"""Asking a hub what a repository holds. The hubs' own clients know endpoints, mirrors and tokens by their settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from refbox_trainer.errors import TrainerError
from refbox_trainer.hub.listing import Listing, RemoteFile


def list_huggingface(repository: str, revision: str | None) -> Listing:
    """Hugging Face, or the mirror that HF_ENDPOINT names; a token comes from HF_TOKEN or `hf auth login`.

    The commit that the revision stands for is resolved once, and every file is asked for at that commit.
    """
    from huggingface_hub import HfApi

    with hub_errors(repository, revision or "main"):
        info = HfApi().model_info(repository, revision=revision, files_metadata=True)
    files = [
        RemoteFile(
            file=sibling.rfilename,
            bytes=sibling.size or 0,
            sha256=sibling.lfs.sha256 if sibling.lfs else None,
            git_sha1=None if sibling.lfs else sibling.blob_id,
        )
        for sibling in info.siblings or []
    ]
    return Listing(
        source="huggingface",
        repository=repository,
        revision=revision or "main",
        commit=info.sha,
        files=tuple(files),
    )


def list_modelscope(repository: str, revision: str | None) -> Listing:
    """ModelScope, or what MODELSCOPE_ENDPOINT names; needs its client. Its listing names no commit, but all hashes."""
    at = revision or "master"
    with hub_errors(repository, at):
        entries = _modelscope().list_repo_files(repository, "model", revision=at, recursive=False)
    files = [
        RemoteFile(
            file=entry.path,
            bytes=entry.size,
            sha256=entry.sha256,
        )
        for entry in entries
        if not entry.is_dir
    ]
    return Listing(source="modelscope", repository=repository, revision=at, commit=None, files=tuple(files))


def _modelscope() -> Any:
    try:
        from modelscope_hub.api import HubApi  # pyright: ignore[reportMissingImports] (an option of the user's)
    except ImportError as error:
        raise TrainerError(
            "no_client", "The client of ModelScope is not installed.", "Install it: pip install modelscope"
        ) from error
    return HubApi()


def _huggingface_url(listing: Listing, file: str) -> str:
    from huggingface_hub import hf_hub_url

    return hf_hub_url(listing.repository, file, revision=listing.commit or listing.revision)


def _modelscope_url(listing: Listing, file: str) -> str:
    return _modelscope().legacy.get_download_url(listing.repository, "model", file, listing.revision)


@dataclass(frozen=True, slots=True)
class Hub:
    """What differs between hubs: how a repository is listed, and where one of its files lies now (mirrors change)."""

    list: Callable[[str, str | None], Listing]
    url: Callable[[Listing, str], str]


HUBS: Final = {
    "huggingface": Hub(list_huggingface, _huggingface_url),
    "modelscope": Hub(list_modelscope, _modelscope_url),
}


@contextmanager
def hub_errors(repository: str, revision: str) -> Iterator[None]:
    """Turn what the clients raise into errors that say what to do.

    Raises TrainerError with no_access (the hub wants a licence accepted or a token), not_found (no such repository or
    revision), no_network (the hub could not be reached) or hub_failed (it answered, but not with what was asked for).
    """
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError as error:
        raise TrainerError(
            "no_access",
            f"{repository} is only given to those who have accepted its licence.",
            "Accept it on the repository's page, then set HF_TOKEN to a token of that account and start the studio "
            "again.",
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise TrainerError(
            "not_found",
            f'The hub knows no repository "{repository}", or does not show it to you.',
            "Check the name (owner/name). A private repository needs a token in HF_TOKEN.",
        ) from error
    except errors.RevisionNotFoundError as error:
        raise TrainerError(
            "not_found",
            f'{repository} has no revision "{revision}".',
            "Give a branch, a tag or a whole commit hash, or leave it out.",
        ) from error
    except errors.HFValidationError as error:
        raise TrainerError(
            "bad_arguments",
            f'"{repository}" is no name of a repository.',
            "Give owner/name, for example OpenGVLab/InternVL2-2B.",
        ) from error
    except errors.HfHubHTTPError as error:
        raise _hub_failed(error) from error
    except Exception as error:
        if _is_unreachable(error):
            raise TrainerError(
                "no_network", f"The hub cannot be reached from this machine ({_first_line(error)}).", ""
            ) from error
        if type(error).__module__.startswith("modelscope_hub"):
            raise _hub_failed(error) from error
        raise


def _is_unreachable(error: Exception) -> bool:
    """Whether the network failed, in the terms of any of the HTTP libraries that the clients use.

    huggingface_hub 1 builds on httpx, 2 on httpx2, modelscope on requests: their classes share no base but a name.
    """
    from huggingface_hub.errors import OfflineModeIsEnabled

    transport = {"TransportError", "ConnectionError", "Timeout"}
    return isinstance(error, OfflineModeIsEnabled | OSError) or any(
        base.__name__ in transport for base in type(error).__mro__
    )


def _hub_failed(error: Exception) -> TrainerError:
    return TrainerError(
        "hub_failed", f"The hub answered with an error: {_first_line(error)}.", "Try again later, or set a mirror."
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")
