"""What a model spent, as events tell it (docs/contract.md §1, `usage`).

Read leniently: what is no count, or no finite amount, is as if it had not been sent, and loses no event.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from .lenient import Lenient

Tokens = Annotated[int, Field(ge=0, le=2**53 - 1)]
Amount = Annotated[float, Field(ge=0, le=1e12)]


class Usage(BaseModel):
    """Tokens, cost, the model, and seconds until its first token; more than the fields named is kept."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False, frozen=True)

    input_tokens: Lenient[Tokens] = None
    output_tokens: Lenient[Tokens] = None
    cost: Lenient[Amount] = None
    currency: Lenient[str] = None
    model: Lenient[str] = None
    time_to_first_token_s: Lenient[Amount] = None
