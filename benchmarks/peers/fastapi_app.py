"""FastAPI with the contract's rules as pydantic constraints, and its JSON."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, HTTPException, Path
from profiles import QUERY, open_pool
from pydantic import AnyUrl, BaseModel, ConfigDict, StringConstraints, UrlConstraints
from pydantic.alias_generators import to_camel

# HTML's grammar of an e-mail address, which is the one that buf.validate checks.
_EMAIL = (
    r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$"
)


class Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class CreateUserRequest(Model):
    email: Annotated[str, StringConstraints(pattern=_EMAIL, max_length=254)]
    nickname: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{3,20}$")]
    about: Annotated[str, StringConstraints(max_length=500)] = ""
    avatar_url: Annotated[AnyUrl, UrlConstraints(max_length=2048)]


class User(Model):
    id: str
    nickname: str
    about: str
    avatar_url: str


class CreateUserResponse(Model):
    user: User


class GetProfileResponse(Model):
    profile: User


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await open_pool()
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/v1/users")
async def create_user(request: CreateUserRequest) -> CreateUserResponse:
    user = User(id="1", nickname=request.nickname, about=request.about, avatar_url=str(request.avatar_url))
    return CreateUserResponse(user=user)


@app.get("/v1/profiles/{id}")
async def get_profile(id: Annotated[int, Path(gt=0)]) -> GetProfileResponse:
    row = await app.state.pool.fetchrow(QUERY, id)
    if row is None:
        raise HTTPException(404, "no such profile")
    key, nickname, about, avatar_url = row
    return GetProfileResponse(profile=User(id=str(key), nickname=nickname, about=about, avatar_url=avatar_url))
