"""The knowledge base in memory, and in S3 Vectors and Bedrock as the laptop's emulator plays them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from slipway.adapters.aws.clients import Clients
from slipway.bootstrap import AwsPlatform
from slipway.domain import names
from slipway.domain.errors import NotFound
from slipway.domain.knowledge import DIMENSIONS, Embedding, Kind, Passage
from slipway.ports.knowledge import EmbeddedPassage
from slipway.ports.platform import Platform
from slipway.settings import Settings
from tests.builders import a_platform
from tests.emulator.emulator_process import ACCOUNT, REGION, Emulator

HIDDEN = ["text", "path", "heading", "sha", "url"]
_numbers = itertools.count(1)


@pytest.fixture(params=["memory", pytest.param("emulator", marks=pytest.mark.emulator)])
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    if request.param == "memory":
        yield a_platform()
        return
    emulator: Emulator = request.getfixturevalue("shared_emulator")
    deployed = deployed_on(emulator, environment=f"k{next(_numbers)}")
    make_index(emulator, bucket=names.knowledge_bucket(deployed.settings.environment))
    yield deployed
    deployed.close()


def deployed_on(emulator: Emulator, *, environment: str) -> AwsPlatform:
    clients = Clients.at(emulator.url, region=REGION, account=ACCOUNT)
    return AwsPlatform(settings=Settings(environment=environment), clients=clients)


def make_index(emulator: Emulator, *, bucket: str) -> None:
    client = emulator.client("s3vectors")
    client.create_vector_bucket(vectorBucketName=bucket)
    client.create_index(
        vectorBucketName=bucket,
        indexName=names.KNOWLEDGE_INDEX,
        dataType="float32",
        dimension=DIMENSIONS,
        distanceMetric="cosine",
        metadataConfiguration={"nonFilterableMetadataKeys": HIDDEN},
    )


def passage(text: str, *, repository: str = "acme/pricing", kind: Kind = Kind.DOCUMENT) -> Passage:
    return Passage(
        repository=repository,
        kind=kind,
        path="README.md",
        heading="Rules › Money",
        text=text,
        sha="a" * 40,
        url=f"https://forge.test/{repository}/blob/{'a' * 40}/README.md",
    )


def keep(platform: Platform, *passages: Passage) -> list[str]:
    embeddings = platform.embeddings.embed([each.text for each in passages])
    embedded = [
        EmbeddedPassage(key=f"{each.repository}#{each.kind}#{each.text[:20]}", passage=each, embedding=one)
        for each, one in zip(passages, embeddings, strict=True)
    ]
    assert platform.knowledge.put(embedded) > sum(len(each.text) for each in passages) - 1
    return [each.key for each in embedded]


def ask(platform: Platform, text: str) -> Embedding:
    return platform.embeddings.embed([text])[0]


def test_an_embedding_has_the_length_of_the_index_and_its_tokens(platform: Platform) -> None:
    one, other = platform.embeddings.embed(["Amounts are rounded half up.", "Queues keep messages."])
    assert (len(one.vector), len(other.vector)) == (DIMENSIONS, DIMENSIONS)
    assert sum(value * value for value in one.vector) == pytest.approx(1, abs=1e-6)
    assert one.tokens > 0
    assert one != other


def test_what_is_kept_is_found_as_it_was_nearest_first(platform: Platform) -> None:
    money, queue = passage("Amounts are rounded half up."), passage("Queues keep messages for a day.")
    keep(platform, money, queue)
    found = platform.knowledge.nearest(ask(platform, "how are amounts rounded"), limit=5)
    assert [each.passage for each in found] == [money, queue]
    assert found[0].score > 0.3 > found[1].score


def test_the_nearest_are_narrowed_by_repository_and_kind(platform: Platform) -> None:
    here = passage("Amounts are rounded half up.")
    there = passage("Amounts are rounded half up.", repository="acme/orders")
    decided = passage("Amounts are rounded.", repository="acme/orders", kind=Kind.DECISION)
    keep(platform, here, there, decided)
    asked = ask(platform, "amounts")
    nearest = platform.knowledge.nearest
    assert [each.passage for each in nearest(asked, limit=5, repository="acme/pricing")] == [here]
    assert [each.passage for each in nearest(asked, limit=5, kind=Kind.DECISION)] == [decided]
    both = nearest(asked, limit=5, repository="acme/orders", kind=Kind.DOCUMENT)
    assert [each.passage for each in both] == [there]
    assert len(nearest(asked, limit=2)) == 2


def test_keeping_the_same_key_again_replaces(platform: Platform) -> None:
    keep(platform, passage("Amounts are rounded half up."))
    (key,) = keep(platform, passage("Amounts are rounded half up."))
    assert platform.knowledge.keys() == frozenset({key})


def test_what_is_deleted_is_gone_and_may_be_deleted_again(platform: Platform) -> None:
    keys = keep(platform, passage("Amounts are rounded."), passage("Queues keep messages."))
    platform.knowledge.delete(keys[:1])
    platform.knowledge.delete(keys[:1])
    platform.knowledge.delete([])
    assert platform.knowledge.keys() == frozenset(keys[1:])


def test_more_passages_than_fit_in_a_request_are_kept_and_listed(platform: Platform) -> None:
    vector = ask(platform, "Amounts are rounded half up.")
    many = [
        EmbeddedPassage(key=f"acme/pricing#document#{number}", passage=passage("x"), embedding=vector)
        for number in range(1_050)
    ]
    platform.knowledge.put(many)
    assert platform.knowledge.keys() == {each.key for each in many}
    platform.knowledge.delete([each.key for each in many])
    assert platform.knowledge.keys() == frozenset()


def test_a_passage_without_a_heading_is_read_back_so(platform: Platform) -> None:
    bare = Passage(
        repository="acme/pricing", kind=Kind.DOCUMENT, path="README", heading="", text="Hi.", sha="b", url="u"
    )
    keep(platform, bare)
    (found,) = platform.knowledge.nearest(ask(platform, "Hi."), limit=1)
    assert found.passage == bare


@pytest.mark.emulator
def test_an_index_that_was_not_deployed_is_named(shared_emulator: Emulator) -> None:
    platform = deployed_on(shared_emulator, environment="nowhere")
    with pytest.raises(NotFound, match=r"slipway-nowhere-knowledge.*deploy the stack"):
        platform.knowledge.keys()
    platform.close()
