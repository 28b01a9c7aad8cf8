"""Handlers of messenger.chat.v1. Edit freely: `make gen` only adds methods that are missing."""

from collections.abc import AsyncIterator

from messenger.chat.v1.chat_pb2 import (
    CreateChatRequest,
    CreateChatResponse,
    GetMessageRequest,
    GetMessageResponse,
    ListChatsRequest,
    ListChatsResponse,
    ListMessagesRequest,
    ListMessagesResponse,
    SendMessageRequest,
    SendMessageResponse,
    WatchMessagesRequest,
    WatchMessagesResponse,
)
from messenger.chat.v1.servicers import ChatServiceBase
from protolith import Context
from protolith.stub import stub_answer


class ChatService(ChatServiceBase):
    """ChatService keeps chats and their messages, and delivers messages live."""

    async def create_chat(self, request: CreateChatRequest, context: Context) -> CreateChatResponse:
        return stub_answer(CreateChatResponse)

    async def list_chats(self, request: ListChatsRequest, context: Context) -> ListChatsResponse:
        return stub_answer(ListChatsResponse)

    async def send_message(self, request: SendMessageRequest, context: Context) -> SendMessageResponse:
        return stub_answer(SendMessageResponse)

    async def get_message(self, request: GetMessageRequest, context: Context) -> GetMessageResponse:
        return stub_answer(GetMessageResponse)

    async def list_messages(self, request: ListMessagesRequest, context: Context) -> ListMessagesResponse:
        return stub_answer(ListMessagesResponse)

    async def watch_messages(
        self, request: WatchMessagesRequest, context: Context
    ) -> AsyncIterator[WatchMessagesResponse]:
        yield stub_answer(WatchMessagesResponse)
