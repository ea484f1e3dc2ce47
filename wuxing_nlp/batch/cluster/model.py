"""The model's way to the workers of a cluster: once each, and the same everywhere."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from distributed import Worker, WorkerPlugin

from wuxing_nlp.batch.settings import Settings
from wuxing_nlp.errors import ClusterError
from wuxing_nlp.model.bundle import MANIFEST, read_files
from wuxing_nlp.model.tagger import Tagger, load, shipped_bundle
from wuxing_nlp.version import __version__

_LOADED: dict[str, Tagger] = {}
_LOADING = Lock()  # workers may be threads of one process


class ModelPlugin(WorkerPlugin):
    """Loads a run's tagger on every worker, also on one that comes later.

    A bundle of one's own travels as bytes; of the shipped model every worker must have the same.

    Args:
        settings: those of the run.

    Attributes:
        name: the same for the same model and preference, whichever run brings it.
    """

    def __init__(self, settings: Settings) -> None:
        folder = settings.model or shipped_bundle()
        self._version = __version__
        self._prefer = settings.prefer
        self._manifest = _digest(folder)
        self._bundle = read_files(folder) if settings.model else None
        self.name = f"wuxing_nlp {__version__} {self._manifest[:12]} {self._prefer.value}"

    def setup(self, worker: Worker) -> None:
        """Load the tagger, unless the worker has it from an earlier run.

        Raises:
            ClusterError: the worker has another version of wuxing_nlp, or another shipped model.
            BundleError: the bundle does not fit what is installed there.
        """
        with _LOADING:
            if self.name not in _LOADED:
                self._check(worker.address)
                _LOADED[self.name] = self._load(Path(worker.local_directory))

    def _check(self, address: str) -> None:
        if self._version != __version__:
            raise ClusterError(
                f"the worker {address} has wuxing_nlp {__version__}, but here it is {self._version}; install "
                "the same version on all machines"
            )
        if self._bundle is None and (found := _digest(shipped_bundle())) != self._manifest:
            raise ClusterError(
                f"the worker {address} has another shipped model than is here (manifest {found[:12]}, here "
                f"{self._manifest[:12]}); install the same wuxing_nlp on all machines, or name a bundle"
            )

    def _load(self, scratch: Path) -> Tagger:
        if self._bundle is None:
            return load(prefer=self._prefer)
        with TemporaryDirectory(prefix="wuxing-", dir=scratch) as folder:
            for name, content in self._bundle.items():
                Path(folder, name).write_bytes(content)
            return load(folder, prefer=self._prefer)


def loaded(name: str) -> Tagger:
    """The tagger that the plugin of that name loaded on this worker.

    Raises:
        ClusterError: it did not.
    """
    if name not in _LOADED:
        raise ClusterError(f"a worker could not load the model ({name}); its log says why")
    return _LOADED[name]


def _digest(folder: Path) -> str:
    """What tells a bundle from all others: its manifest has the hash of every part."""
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
