"""Handlers of messenger.auth.v1. Edit freely: `make gen` only adds methods that are missing."""

from messenger.auth.v1.auth_pb2 import (
    CompleteOAuthLoginRequest,
    CompleteOAuthLoginResponse,
    GetUserRolesRequest,
    GetUserRolesResponse,
    LoginRequest,
    LoginResponse,
    LogoutRequest,
    LogoutResponse,
    RefreshTokenRequest,
    RefreshTokenResponse,
    RegisterRequest,
    RegisterResponse,
    SetUserRolesRequest,
    SetUserRolesResponse,
    StartOAuthLoginRequest,
    StartOAuthLoginResponse,
    VerifyTokenRequest,
    VerifyTokenResponse,
)
from messenger.auth.v1.servicers import AuthServiceBase
from protolith import Context
from protolith.stub import stub_answer


class AuthService(AuthServiceBase):
    """AuthService keeps accounts, their roles, and who is logged in."""

    async def register(self, request: RegisterRequest, context: Context) -> RegisterResponse:
        return stub_answer(RegisterResponse)

    async def login(self, request: LoginRequest, context: Context) -> LoginResponse:
        return stub_answer(LoginResponse)

    async def logout(self, request: LogoutRequest, context: Context) -> LogoutResponse:
        return stub_answer(LogoutResponse)

    async def refresh_token(self, request: RefreshTokenRequest, context: Context) -> RefreshTokenResponse:
        return stub_answer(RefreshTokenResponse)

    async def start_oauth_login(self, request: StartOAuthLoginRequest, context: Context) -> StartOAuthLoginResponse:
        return stub_answer(StartOAuthLoginResponse)

    async def complete_oauth_login(
        self, request: CompleteOAuthLoginRequest, context: Context
    ) -> CompleteOAuthLoginResponse:
        return stub_answer(CompleteOAuthLoginResponse)

    async def verify_token(self, request: VerifyTokenRequest, context: Context) -> VerifyTokenResponse:
        return stub_answer(VerifyTokenResponse)

    async def get_user_roles(self, request: GetUserRolesRequest, context: Context) -> GetUserRolesResponse:
        return stub_answer(GetUserRolesResponse)

    async def set_user_roles(self, request: SetUserRolesRequest, context: Context) -> SetUserRolesResponse:
        return stub_answer(SetUserRolesResponse)
