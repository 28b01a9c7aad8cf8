package main

import (
	"context"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	userv1 "protolith.dev/benchmarks/peers/gen/go/bench/user/v1"
)

// users is the contract's service with its handler in Go.
type users struct {
	userv1.UnimplementedUserServiceServer
}

func check(m proto.Message) error {
	if err := protovalidate.Validate(m); err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	return nil
}

func (users) CreateUser(_ context.Context, in *userv1.CreateUserRequest) (*userv1.CreateUserResponse, error) {
	if err := check(in); err != nil {
		return nil, err
	}
	return &userv1.CreateUserResponse{
		User: &userv1.User{Id: 1, Nickname: in.Nickname, About: in.About, AvatarUrl: in.AvatarUrl},
	}, nil
}

func (users) ListUsers(in *userv1.ListUsersRequest, stream grpc.ServerStreamingServer[userv1.ListUsersResponse]) error {
	if err := check(in); err != nil {
		return err
	}
	for id := range int64(in.Count) {
		user := &userv1.User{Id: id, Nickname: "alice_w", About: "hello", AvatarUrl: "https://cdn.example.com/a/1.png"}
		if err := stream.Send(&userv1.ListUsersResponse{User: user}); err != nil {
			return err
		}
	}
	return nil
}
