"""Trees: by keys, whatever the order of the rows."""

import numpy as np
import pytest

from quotum.engine.basics.trees import Tree

TREE = Tree.of(["S", "HQ", "N1", "N"], ["HQ", None, "N", "HQ"])


def test_depth_counts_from_the_top():
    assert dict(zip(TREE.keys, TREE.depth.tolist(), strict=True)) == {"HQ": 0, "N": 1, "S": 1, "N1": 2}


def test_a_subtree_holds_its_top_and_everything_below():
    assert TREE.subtree("N") == {"N", "N1"}
    assert TREE.subtree("HQ") == set(TREE.keys)


def test_paths_lead_from_the_top_to_each_key():
    path = TREE.paths()[TREE.position("N1")]
    assert [TREE.keys[i] for i in path] == ["HQ", "N", "N1"]


def test_inner_places_have_others_below():
    assert [key for key, inner in zip(TREE.keys, TREE.inner(), strict=True) if inner] == ["HQ", "N"]


def test_a_key_that_begins_like_another_is_not_below_it():
    tree = Tree.of(["N", "N1"], [None, None])
    assert tree.subtree("N") == {"N"}


def test_an_unknown_key_raises():
    with pytest.raises(KeyError):
        TREE.position("north")


def test_an_empty_tree_has_no_paths():
    assert Tree.of([], []).paths().shape == (0, 0)
    assert np.array_equal(Tree.of([], []).inner(), np.array([], dtype=bool))
