"""Handlers of messenger.subscriber.v1. Edit freely: `make gen` only adds methods that are missing."""

from messenger.subscriber.v1.servicers import SubscriberServiceBase
from messenger.subscriber.v1.subscriber_pb2 import (
    ConfirmFriendRequest,
    ConfirmFriendResponse,
    DeclineFriendRequest,
    DeclineFriendResponse,
    GetUserFriendsRequest,
    GetUserFriendsResponse,
    MakeFriendRequest,
    MakeFriendResponse,
    UnfriendRequest,
    UnfriendResponse,
)
from protolith import Context
from protolith.stub import stub_answer


class SubscriberService(SubscriberServiceBase):
    """SubscriberService keeps who is whose friend."""

    async def make_friend(self, request: MakeFriendRequest, context: Context) -> MakeFriendResponse:
        return stub_answer(MakeFriendResponse)

    async def unfriend(self, request: UnfriendRequest, context: Context) -> UnfriendResponse:
        return stub_answer(UnfriendResponse)

    async def confirm_friend(self, request: ConfirmFriendRequest, context: Context) -> ConfirmFriendResponse:
        return stub_answer(ConfirmFriendResponse)

    async def decline_friend(self, request: DeclineFriendRequest, context: Context) -> DeclineFriendResponse:
        return stub_answer(DeclineFriendResponse)

    async def get_user_friends(self, request: GetUserFriendsRequest, context: Context) -> GetUserFriendsResponse:
        return stub_answer(GetUserFriendsResponse)
