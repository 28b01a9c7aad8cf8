// Command go is the peers that are written in Go:
//
//	go grpc PORT            bare grpc-go
//	go gateway PORT         grpc-gateway and the handler in one process
//	go proxy PORT BACKEND   grpc-gateway in front of the gRPC server at BACKEND
package main

import (
	"context"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	userv1 "protolith.dev/benchmarks/peers/gen/go/bench/user/v1"
)

func main() {
	address := "127.0.0.1:" + os.Args[2]
	switch os.Args[1] {
	case "grpc":
		log.Fatal(serveGRPC(address))
	case "gateway":
		mux := runtime.NewServeMux()
		if err := userv1.RegisterUserServiceHandlerServer(context.Background(), mux, users{}); err != nil {
			log.Fatal(err)
		}
		log.Fatal(http.ListenAndServe(address, mux))
	case "proxy":
		mux, err := proxy(os.Args[3])
		if err != nil {
			log.Fatal(err)
		}
		log.Fatal(http.ListenAndServe(address, mux))
	}
	log.Fatalf("%s: grpc, gateway or proxy", os.Args[1])
}

func serveGRPC(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.SharedWriteBuffer(true), grpc.NumStreamWorkers(128))
	userv1.RegisterUserServiceServer(server, users{})
	return server.Serve(listener)
}

func proxy(backend string) (http.Handler, error) {
	mux := runtime.NewServeMux()
	conn, err := grpc.NewClient(
		backend, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithSharedWriteBuffer(true),
	)
	if err != nil {
		return nil, err
	}
	return mux, userv1.RegisterUserServiceHandler(context.Background(), mux, conn)
}
