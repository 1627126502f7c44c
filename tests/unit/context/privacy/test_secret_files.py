"""Files of secrets, told by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.context.privacy.policy import Privacy
from understudy.context.privacy.roots import innermost_first

SECRET = [
    ".env",
    ".env.local",
    ".env.example",
    "deploy/.env.production",
    "prod.env",
    ".envrc",
    ".dev.vars",
    "server.pem",
    "keys/server.key",
    "AuthKey_2X9R4HXF34.p8",
    "home/.ssh/config",
    "id_rsa",
    "id_ed25519.pub",
    "id_work",
    "deploy_rsa",
    ".aws/credentials",
    ".aws/sso/cache/a.json",
    "credentials.json",
    "secrets.yaml",
    "secrets/production.yaml",
    ".netrc",
    "_netrc",
    ".pgpass",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".vault-token",
    ".databrickscfg",
    "gha-creds-0123456789abcdef.json",
    ".docker/config.json",
    ".config/gh/hosts.yml",
    ".config/gcloud/access_tokens.db",
    ".config/sops/age/keys.txt",
    ".cargo/credentials.toml",
    ".gradle/gradle.properties",
    ".kube/config",
    "kubeconfig",
    "rclone.conf",
    "main.tfvars",
    "terraform.tfstate",
    "terraform.tfstate.backup",
    "prod.tfstate.1700000000.backup",
    "wallet.dat",
    "UTC--2016-03-22T12-57-55.920751759Z--7ef5a6135f1fd6a02593eedc869c6d41d934aef8",
    "release.keystore",
    "app.jks",
    "vault.kdbx",
    "service-account-prod.json",
    "serviceAccountKey.json",
    "myapp-firebase-adminsdk-x1y2z-0123456789.json",
    "client.ovpn",
    "config/master.key",
    "config/database.yml",
    ".env1",
    ".envprod",
    ".environment",
    "secret.yaml",
    "app-secrets.yaml",
    "db.secrets.json",
    "aws_credentials",
    "my-credentials.json",
    "client-secret.json",
    "client_secrets.json",
    "passwords.txt",
    "password.txt",
    "rootkey.csv",
    "bob_accessKeys.csv",
    "clouds.yaml",
    ".Renviron",
    ".sentryclirc",
    ".token",
    "key.properties",
]
# The same file to some file system or under the name of a copy.
SPELLINGS = [
    ".ENV",
    "Server.PEM",
    ".Env.Local",
    ".AWS/credentials",
    ".env.",
    ".env ",
    ".env. .",
    ".env::$DATA",
    ".env:stream",
    "\uff0eenv",
    ".\uff45\uff4e\uff56",
    ".e\u200bnv",
    ".en\ufeffv",
    "id_r\u017fa",
    ".env~",
    ".env.bak",
    "#.env#",
    ".#.env",
    "..env.swp",
    "server.pem.old",
    "id_rsa.bak~",
    ".netrc.save",
    "credentials-copy",
    "a\nb.py",
    "a\x00b.py",
    "a\udcffb.py",
]
PLAIN = [
    "main.py",
    "environment.py",
    "keyboard.py",
    "config.py",
    "src/envelope.ts",
    "docs/credentials_howto.md",
    "pem.py",
    "identity/client.py",
    "shadow/dom.ts",
    "keystore/reader.go",
    "secret/views.py",
    "id_map.py",
    "service_account.py",
    "aws_credentials.py",
    "secret.ts",
    "client_secrets.go",
    "password.py",
    "token.py",
    ".config/nvim/init.lua",
    ".docker/Dockerfile",
    ".eslintrc.js",
    "kube/config.go",
    "letsencrypt/etc.py",
    "caf\u00e9.py",
    "\u65e5\u672c\u8a9e.py",
    "two words.py",
    "old.bak",
]
SYSTEM = [
    "/etc/letsencrypt/live/a/x.conf",
    "/etc/kubernetes/admin.conf",
    "/etc/docker/daemon.json",
    "/etc/openvpn/a.conf",
]


@pytest.mark.parametrize("name", [*SECRET, *SPELLINGS])
def test_names_of_secrets_are_ignored_by_themselves(name: str, tmp_path: Path) -> None:
    assert Privacy(innermost_first((tmp_path,))).ignored(tmp_path / name)
    assert Privacy().ignored(tmp_path / name)
    assert Privacy().ignored(Path(name))


@pytest.mark.parametrize("name", PLAIN)
def test_other_names_are_not(name: str, tmp_path: Path) -> None:
    assert not Privacy(innermost_first((tmp_path,))).ignored(tmp_path / name)
    assert not Privacy().ignored(tmp_path / name)
    assert not Privacy().ignored(Path(name))


@pytest.mark.parametrize("name", SYSTEM)
def test_secrets_of_the_system(name: str) -> None:
    assert Privacy().ignored(Path(name))


def test_a_workspace_may_have_a_name_that_is_a_secret_in_it(tmp_path: Path) -> None:
    root = tmp_path / "secrets" / "gcloud"
    root.mkdir(parents=True)
    privacy = Privacy(innermost_first((root,)))
    assert not privacy.ignored(root / "main.py")
    assert privacy.ignored(root / "secrets" / "main.py")
    assert privacy.ignored(tmp_path / "credentials" / "main.py"), "only the workspace's own name says nothing"


def test_a_workspace_among_keys_is_ignored(tmp_path: Path) -> None:
    root = tmp_path / ".ssh" / "scripts"
    root.mkdir(parents=True)
    assert Privacy(innermost_first((root,))).ignored(root / "main.py")
