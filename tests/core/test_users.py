import json
import stat
from pathlib import Path

import pytest

from studio.core.errors import BadInput
from studio.core.users import Users

WORD = "a long word"


def test_a_user_comes_in_with_the_own_password_alone(tmp_path: Path) -> None:
    users = Users(tmp_path / "users.json")
    assert users.names() == [] and not users.accepts("ann", WORD)
    users.put("ann", WORD)
    users.put("ben", "another word")
    assert users.names() == ["ann", "ben"]
    assert users.accepts("ann", WORD) and not users.accepts("ann", "another word") and not users.accepts("ann", "")
    users.put("ann", "a newer word")
    assert users.accepts("ann", "a newer word") and not users.accepts("ann", WORD)
    users.remove("ann")
    assert not users.accepts("ann", "a newer word") and users.names() == ["ben"]


def test_the_file_holds_hashes_and_is_its_owners(tmp_path: Path) -> None:
    users = Users(tmp_path / "users.json")
    users.put("ann", WORD)
    text = users.path.read_text()
    assert WORD not in text and json.loads(text)["ann"].startswith("$argon2id$")
    assert stat.S_IMODE(users.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", "../ann", "a b", "-ann", "x" * 33, "ann/"])
def test_names_that_could_be_paths_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        Users(tmp_path / "users.json").put(name, WORD)


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    users = Users(tmp_path / "users.json")
    with pytest.raises(BadInput, match="at least 8 characters"):
        users.put("ann", "short")
    with pytest.raises(BadInput, match="no user 'ann'"):
        users.remove("ann")
    assert not users.path.exists()
    for content in ("[", '["ann"]', '{"ann": 1}'):
        users.path.write_text(content)
        with pytest.raises(BadInput, match="users' file"):
            users.names()
        assert users.path.read_text() == content


def test_a_hash_that_somebody_broke_lets_nobody_in(tmp_path: Path) -> None:
    users = Users(tmp_path / "users.json")
    users.path.write_text('{"ann": "plain"}')
    assert not users.accepts("ann", "plain")
