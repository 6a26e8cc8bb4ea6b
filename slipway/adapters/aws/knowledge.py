"""The knowledge base as one index of an S3 vector bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import mapped
from slipway.domain.errors import NotFound
from slipway.domain.knowledge import Embedding, FoundPassage, Kind, Passage
from slipway.ports.knowledge import EmbeddedPassage

if TYPE_CHECKING:
    from mypy_boto3_s3vectors.type_defs import (
        PutInputVectorTypeDef,
        QueryOutputVectorTypeDef,
        QueryVectorsInputTypeDef,
    )

PUT_LIMIT = 100
"""The service takes 500 vectors or 20 MiB in a request; a hundred of ours have 2.5 MiB as JSON."""
DELETE_LIMIT = 500
PAGE = 1000
BYTES_OF_A_NUMBER = 4


@dataclass(frozen=True, kw_only=True)
class S3VectorsKnowledge:
    """`repository` and `kind` can be filtered by; the passage itself is metadata that cannot."""

    clients: Clients
    bucket: str
    index: str

    def keys(self) -> frozenset[str]:
        """Every key, page by page; no metadata is read."""
        pages = self.clients.s3vectors.get_paginator("list_vectors").paginate(
            vectorBucketName=self.bucket, indexName=self.index, PaginationConfig={"PageSize": PAGE}
        )
        with self._mapped("listing"):
            return frozenset(vector["key"] for page in pages for vector in page["vectors"])

    def put(self, passages: Sequence[EmbeddedPassage]) -> int:
        """Store or replace; returns the bytes that the service charges for."""
        for start in range(0, len(passages), PUT_LIMIT):
            with self._mapped("writing to"):
                self.clients.s3vectors.put_vectors(
                    vectorBucketName=self.bucket,
                    indexName=self.index,
                    vectors=[_vector(each) for each in passages[start : start + PUT_LIMIT]],
                )
        return sum(_size(each) for each in passages)

    def delete(self, keys: Sequence[str]) -> None:
        """Remove; keys that are not there are fine."""
        for start in range(0, len(keys), DELETE_LIMIT):
            with self._mapped("deleting from"):
                self.clients.s3vectors.delete_vectors(
                    vectorBucketName=self.bucket,
                    indexName=self.index,
                    keys=keys[start : start + DELETE_LIMIT],
                )

    def nearest(
        self, embedding: Embedding, *, limit: int, repository: str | None = None, kind: Kind | None = None
    ) -> tuple[FoundPassage, ...]:
        """By cosine distance, which is 1 minus the score."""
        wanted: dict[str, str] = {"repository": repository} if repository else {}
        wanted |= {"kind": str(kind)} if kind else {}
        query: QueryVectorsInputTypeDef = {
            "vectorBucketName": self.bucket,
            "indexName": self.index,
            "topK": limit,
            "queryVector": {"float32": list(embedding.vector)},
            "returnMetadata": True,
            "returnDistance": True,
        }
        if wanted:
            query["filter"] = _filter(wanted)
        with self._mapped("searching"):
            answer = self.clients.s3vectors.query_vectors(**query)
        return tuple(_found(vector) for vector in answer.get("vectors", ()))

    @contextmanager
    def _mapped(self, doing: str) -> Iterator[None]:
        try:
            with mapped(f"{doing} index {self.index} of vector bucket {self.bucket}"):
                yield
        except NotFound as error:
            raise NotFound(f"{error}; deploy the stack that holds the knowledge base") from error


def _metadata(passage: Passage) -> dict[str, str]:
    return {
        "repository": passage.repository,
        "kind": str(passage.kind),
        "path": passage.path,
        "heading": passage.heading,
        "text": passage.text,
        "sha": passage.sha,
        "url": passage.url,
    }


def _vector(each: EmbeddedPassage) -> PutInputVectorTypeDef:
    # An empty value is no valid metadata; it is read back as missing.
    metadata = {name: value for name, value in _metadata(each.passage).items() if value}
    return {"key": each.key, "data": {"float32": list(each.embedding.vector)}, "metadata": metadata}


def _size(each: EmbeddedPassage) -> int:
    words = json.dumps(_metadata(each.passage), ensure_ascii=False)
    return len(each.key) + len(each.embedding.vector) * BYTES_OF_A_NUMBER + len(words.encode())


def _filter(wanted: Mapping[str, str]) -> dict[str, object]:
    terms: list[dict[str, object]] = [{name: {"$eq": value}} for name, value in wanted.items()]
    return terms[0] if len(terms) == 1 else {"$and": terms}


def _found(vector: QueryOutputVectorTypeDef) -> FoundPassage:
    said = vector["metadata"]
    passage = Passage(
        repository=said["repository"],
        kind=Kind(said["kind"]),
        path=said.get("path", ""),
        heading=said.get("heading", ""),
        text=said.get("text", ""),
        sha=said.get("sha", ""),
        url=said.get("url", ""),
    )
    return FoundPassage(passage=passage, score=round(1 - vector["distance"], 4))
