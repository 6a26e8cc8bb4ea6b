"""What S3 Vectors holds: buckets of indexes of vectors, and how they are written to disk."""

from __future__ import annotations

import base64
import math
import operator
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Document = Mapping[str, Any]  # JSON from our own state file


@dataclass(frozen=True)
class Vector:
    """One vector, in 32-bit numbers as the service keeps them."""

    numbers: array[float]
    metadata: Mapping[str, object]

    @classmethod
    def of(cls, numbers: Sequence[float], metadata: Mapping[str, object]) -> Vector:
        """From numbers of any precision."""
        return cls(array("f", numbers), metadata)

    def document(self) -> Document:
        """As JSON."""
        return {
            "numbers": base64.b64encode(self.numbers.tobytes()).decode("ascii"),
            "metadata": self.metadata,
        }

    @classmethod
    def from_document(cls, document: Document) -> Vector:
        """Read back."""
        return cls(array("f", base64.b64decode(document["numbers"])), document["metadata"])


@dataclass
class Index:
    """Vectors of one length."""

    name: str
    arn: str
    created: float
    dimension: int
    metric: str
    hidden: frozenset[str]
    vectors: dict[str, Vector] = field(default_factory=dict)

    def distance(self, numbers: Sequence[float], vector: Vector) -> float:
        """By the index's metric."""
        if self.metric == "euclidean":
            return math.dist(numbers, vector.numbers)
        product: float = sum(map(operator.mul, numbers, vector.numbers))
        return 1.0 - product / (math.hypot(*numbers) * math.hypot(*vector.numbers))

    def document(self) -> Document:
        """As JSON."""
        return {
            "name": self.name,
            "arn": self.arn,
            "created": self.created,
            "dimension": self.dimension,
            "metric": self.metric,
            "hidden": sorted(self.hidden),
            "vectors": {key: vector.document() for key, vector in self.vectors.items()},
        }

    @classmethod
    def from_document(cls, document: Document) -> Index:
        """Read back."""
        vectors = {key: Vector.from_document(each) for key, each in document["vectors"].items()}
        return cls(**{**document, "hidden": frozenset(document["hidden"]), "vectors": vectors})


@dataclass
class Bucket:
    """A vector bucket."""

    name: str
    arn: str
    created: float
    indexes: dict[str, Index] = field(default_factory=dict)

    def document(self) -> Document:
        """As JSON."""
        return {
            "name": self.name,
            "arn": self.arn,
            "created": self.created,
            "indexes": {name: index.document() for name, index in self.indexes.items()},
        }

    @classmethod
    def from_document(cls, document: Document) -> Bucket:
        """Read back."""
        indexes = {name: Index.from_document(each) for name, each in document["indexes"].items()}
        return cls(**{**document, "indexes": indexes})


@dataclass
class Store:
    """The buckets of every account and region, by ARN."""

    buckets: dict[str, Bucket] = field(default_factory=dict)

    def document(self) -> Document:
        """As JSON."""
        return {"buckets": {arn: bucket.document() for arn, bucket in self.buckets.items()}}

    def load(self, document: Document) -> None:
        """Read back."""
        self.buckets.update(
            {arn: Bucket.from_document(each) for arn, each in document.get("buckets", {}).items()}
        )
