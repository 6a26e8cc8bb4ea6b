"""What S3 Vectors accepts and finds; the laptop's must refuse what AWS would."""

from __future__ import annotations

import json

import pytest

from local.aws import s3vectors_rules as rules
from local.aws.bedrock_embeddings import Refused as ModelRefused
from local.aws.bedrock_embeddings import embed
from local.aws.s3vectors_rules import Refused, matches
from local.aws.s3vectors_store import Bucket, Index, Store, Vector

BOOK = {"genre": ["crime", "love"], "year": 1999, "repository": "acme/pricing", "good": True}


def index(metric: str = "cosine") -> Index:
    return Index(name="i-1", arn="arn:i", created=0, dimension=2, metric=metric, hidden=frozenset({"text"}))


@pytest.mark.parametrize(
    "wanted",
    [
        {"repository": "acme/pricing"},
        {"repository": {"$eq": "acme/pricing"}},
        {"genre": "crime"},
        {"genre": {"$in": ["love", "war"]}},
        {"genre": {"$nin": ["war"]}},
        {"year": {"$gte": 1999, "$lt": 2000}},
        {"repository": {"$ne": "acme/orders"}},
        {"missing": {"$exists": False}},
        {"$or": [{"year": 1}, {"good": True}]},
        {"$and": [{"year": {"$gt": 1}}, {"year": {"$lte": 1999}}]},
    ],
)
def test_a_filter_that_holds(wanted: object) -> None:
    assert matches(wanted, BOOK, hidden=frozenset())


@pytest.mark.parametrize(
    "wanted",
    [
        {"repository": "acme/orders"},
        {"missing": {"$ne": "x"}},
        {"genre": {"$in": ["war"]}},
        {"year": {"$lt": 1999}},
        {"repository": {"$gt": 3}},
        {"$and": [{"year": 1999}, {"good": False}]},
        {"$or": [{"year": 1}, {"good": False}]},
    ],
)
def test_a_filter_that_does_not_hold(wanted: object) -> None:
    assert not matches(wanted, BOOK, hidden=frozenset())


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ({}, "at least one"),
        ("x", "object"),
        ({"text": "x"}, "non-filterable"),
        ({"year": {"$near": 3}}, r"unknown operator \$near"),
        ({"$not": []}, r"unknown operator \$not"),
        ({"$and": []}, "list of filters"),
        ({"year": {"$in": []}}, "not empty"),
        ({"year": {"$gt": "1"}}, "numbers only"),
        ({"year": {}}, "is empty"),
    ],
)
def test_a_filter_that_is_no_filter_is_refused(wanted: object, problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        matches(wanted, BOOK, hidden=frozenset({"text"}))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"float32": [1.0]}, "has 1 dimensions; the index has 2"),
        ({"float32": [0, 0]}, "zeros"),
        ({"float32": [1, float("nan")]}, "finite"),
        ({"float64": [1, 2]}, "float32"),
    ],
)
def test_a_vector_that_does_not_fit_is_refused(data: object, problem: str) -> None:
    with pytest.raises(Refused, match=problem):
        rules.require_numbers(data, dimension=2, metric="cosine")


def test_only_metadata_that_can_be_filtered_by_counts_for_the_small_limit() -> None:
    hidden = frozenset({"text"})
    assert rules.require_metadata({"text": "x" * 30_000}, hidden=hidden)
    with pytest.raises(Refused, match="filterable metadata has"):
        rules.require_metadata({"path": "x" * 3_000}, hidden=hidden)
    with pytest.raises(Refused, match="metadata has"):
        rules.require_metadata({"text": "x" * 41_000}, hidden=hidden)
    with pytest.raises(Refused, match="must be text"):
        rules.require_metadata({"path": None}, hidden=hidden)


def test_distances_follow_the_metric() -> None:
    far = Vector.of([0, 2], {})
    assert index().distance([1, 0], far) == pytest.approx(1)
    assert index().distance([0, 1], far) == pytest.approx(0)
    assert index("euclidean").distance([0, 1], far) == pytest.approx(1)


def test_everything_survives_being_written_down() -> None:
    store, read = Store(), Store()
    kept = index()
    kept.vectors["a#b"] = Vector.of([0.1, -2.5], {"kind": "decision"})
    store.buckets["arn:b"] = Bucket(name="b-1", arn="arn:b", created=1.5, indexes={"i-1": kept})
    read.load(json.loads(json.dumps(store.document())))
    assert read == store


def test_the_embedding_answers_in_the_models_shape() -> None:
    answer = embed({"inputText": "Amounts are rounded", "dimensions": 256})
    assert isinstance(answer["embedding"], list)
    assert len(answer["embedding"]) == 256
    assert answer["inputTextTokenCount"] == 4


@pytest.mark.parametrize(
    ("request_body", "problem"),
    [
        ({}, "inputText"),
        ({"inputText": "x", "dimensions": 300}, "dimensions"),
        ({"inputText": "x" * 50_001}, "50000"),
    ],
)
def test_the_embedding_refuses_what_the_model_would(request_body: object, problem: str) -> None:
    with pytest.raises(ModelRefused, match=problem):
        embed(request_body)
