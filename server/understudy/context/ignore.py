"""Files that are never shown to a model and never completed in: the user's patterns, the workspace's, and secrets.

Fails closed: rules that cannot be read or understood ignore everything, and `reason` says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pathspec

FILE = ".understudyignore"

# Names under which keys, tokens and passwords are kept by the tools that make them. Patterns as in `.gitignore`.
SECRET_FILES = (
    ".env",
    ".env.*",
    "*.env",
    ".envrc",
    "*.pem",
    "*.key",
    "*.p12",
    "*.pfx",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "*.ppk",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    "credentials",
    "credentials.*",
    "secrets.*",
    ".secrets",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".htpasswd",
    ".git-credentials",
    ".dockercfg",
    "kubeconfig",
    "**/.kube/config",
    "**/.docker/config.json",
    ".aws/",
    ".azure/",
    ".gnupg/",
    ".ssh/",
    "gcloud/",
    "service-account*.json",
    "service_account*.json",
    "*.tfstate",
    "*.tfstate.*",
    "*.tfvars",
)


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules of one workspace folder, or of files outside of any (`root` is None).

    Each set of patterns stands for itself: a `!pattern` in one takes nothing out of another, so that a workspace can
    only add to what its user ignores. `reason`, when set, says why everything is ignored.
    """

    root: Path | None
    rules: tuple[pathspec.PathSpec[pathspec.Pattern], ...] = ()
    reason: str | None = None

    @classmethod
    def load(cls, root: Path | None, patterns: tuple[str, ...] = ()) -> IgnoreRules:
        """The rules for `root`: its `.understudyignore`, the user's `patterns`, and the files that hold secrets."""
        own: list[str] = []
        if root is not None:
            try:
                own = (root / FILE).read_text(encoding="utf-8-sig").splitlines()
            except FileNotFoundError:
                pass
            except (OSError, UnicodeError) as failure:
                return cls(root, reason=f"{root / FILE} cannot be read ({failure}): everything below it is ignored.")
        return cls.of(root, tuple(own), patterns)

    @classmethod
    def of(cls, root: Path | None, *sets: tuple[str, ...]) -> IgnoreRules:
        """The rules for `root` from sets of patterns, and the files that hold secrets."""
        import pathspec

        try:
            return cls(root, tuple(pathspec.GitIgnoreSpec.from_lines(lines) for lines in (SECRET_FILES, *sets)))
        except (ValueError, TypeError) as failure:
            return cls(
                root, reason=f"A pattern of what to ignore cannot be understood ({failure}): everything is ignored."
            )

    def ignored(self, path: Path) -> bool:
        """Whether the file at `path` must not be shown to a model."""
        if self.reason is not None or not self.rules:
            return True
        name = self._name(path)
        # Case is set aside for the built-in names, since some file systems set it aside.
        secrets, *others = self.rules
        return secrets.match_file(name.lower()) or any(rule.match_file(name) for rule in others)

    def _name(self, path: Path) -> str:
        if self.root is not None and path.is_relative_to(self.root):
            return path.relative_to(self.root).as_posix()
        return path.as_posix().lstrip("/")
