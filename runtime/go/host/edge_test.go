package host

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"protolith.dev/runtime/go/internal/echo"
)

func TestInternalIsAbsentAtTheEdge(t *testing.T) {
	up := startUpstream(t)
	conn := startHost(t, testSettings(up.address)).dial("grpc")
	for _, method := range []string{"/echo.v1.EchoService/Secret", "/echo.v1.HiddenService/Peek", "/echo.v1.EchoService/None", "/no.Service/None"} {
		err := conn.Invoke(t.Context(), method, &echo.GetRequest{Id: "1"}, &echo.Note{})
		if status.Code(err) != codes.Unimplemented {
			t.Errorf("%s: %v", method, err)
		}
	}
	if up.Calls.Load() != 0 {
		t.Error("the backend was reached")
	}
}

// behaves is every kind of rpc, as a client sees it: the same for a remote backend and for workers.
func behaves(t *testing.T, conn grpc.ClientConnInterface) {
	client := echo.NewEchoServiceClient(conn)
	t.Run("unary with metadata", func(t *testing.T) {
		var header, trailer metadata.MD
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-echo", "hello")
		note, err := client.Create(ctx, &echo.CreateRequest{Text: "a", Size: 7}, grpc.Header(&header), grpc.Trailer(&trailer))
		if err != nil || note.GetText() != "a" || note.GetSize() != 7 {
			t.Fatal(note, err)
		}
		if header.Get("x-header")[0] != "hello" || trailer.Get("x-trailer")[0] != "hello" || trailer.Get("x-trailer-bin")[0] != "\x00\xff" {
			t.Errorf("header %v trailer %v", header, trailer)
		}
	})
	t.Run("status with details", func(t *testing.T) {
		_, err := client.Get(t.Context(), &echo.GetRequest{Id: "bad"})
		s := status.Convert(err)
		if s.Code() != codes.InvalidArgument || s.Message() != "bad id" || len(s.Details()) != 1 {
			t.Fatal(err)
		}
		if s.Details()[0].(*errdetails.BadRequest).GetFieldViolations()[0].GetField() != "id" {
			t.Error(s.Details())
		}
	})
	t.Run("deadline travels", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Second)
		defer cancel()
		note, err := client.Get(ctx, &echo.GetRequest{Id: "1"})
		if err != nil || note.GetSize() < 40 || note.GetSize() > 51 {
			t.Error(note, err)
		}
	})
	t.Run("deadline ends", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := client.Get(ctx, &echo.GetRequest{Id: "hang"}); status.Code(err) != codes.DeadlineExceeded {
			t.Error(err)
		}
	})
	t.Run("server stream", func(t *testing.T) {
		stream, err := client.Watch(t.Context(), &echo.GetRequest{Id: "7"})
		if err != nil {
			t.Fatal(err)
		}
		var sizes []int32
		for {
			note, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, note.GetSize())
		}
		header, _ := stream.Header()
		if len(sizes) != 3 || header.Get("x-header")[0] != "watch" || stream.Trailer().Get("x-trailer")[0] != "watch" {
			t.Error(sizes, header, stream.Trailer())
		}
	})
	t.Run("server stream that breaks off", func(t *testing.T) {
		stream, err := client.Watch(t.Context(), &echo.GetRequest{Id: "fail"})
		for err == nil {
			_, err = stream.Recv()
		}
		if status.Code(err) != codes.Aborted {
			t.Error(err)
		}
	})
	t.Run("client stream", func(t *testing.T) {
		stream, err := client.Upload(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if err := stream.Send(&echo.Note{Text: strings.Repeat("x", 1000)}); err != nil {
				t.Fatal(err)
			}
		}
		if answer, err := stream.CloseAndRecv(); err != nil || len(answer.GetNotes()) != 5 {
			t.Error(answer, err)
		}
	})
	t.Run("client stream answered early", func(t *testing.T) {
		stream, err := client.Upload(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := stream.Send(&echo.Note{Id: "early"}); err != nil {
			t.Fatal(err)
		}
		if err := stream.RecvMsg(&echo.ListResponse{}); status.Code(err) != codes.FailedPrecondition {
			t.Error(err)
		}
	})
	t.Run("both ways", func(t *testing.T) {
		stream, err := client.Talk(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"a", "", "c"} {
			if err := stream.Send(&echo.Note{Text: text}); err != nil {
				t.Fatal(err)
			}
			if note, err := stream.Recv(); err != nil || note.GetText() != "re: "+text {
				t.Fatal(note, err)
			}
		}
		_ = stream.CloseSend()
		if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	})
	t.Run("empty message", func(t *testing.T) {
		if _, err := client.Create(t.Context(), &echo.CreateRequest{}); err != nil {
			t.Error(err)
		}
	})
	t.Run("too large", func(t *testing.T) {
		_, err := client.Create(t.Context(), &echo.CreateRequest{Data: make([]byte, 70<<10)})
		if status.Code(err) != codes.ResourceExhausted {
			t.Error(err)
		}
	})
}

func TestEdgePassesAllKinds(t *testing.T) {
	behaves(t, startHost(t, testSettings(startUpstream(t).address)).dial("grpc"))
}

func TestClientThatGoesAwayCancelsTheHandler(t *testing.T) {
	up := startUpstream(t)
	client := echo.NewEchoServiceClient(startHost(t, testSettings(up.address)).dial("grpc"))
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := client.Watch(ctx, &echo.GetRequest{Id: "hang"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	cancel()
	<-up.Cancelled
}

func TestReflectionShowsOnlyPublicRpcs(t *testing.T) {
	conn := startHost(t, testSettings(startUpstream(t).address)).dial("grpc")
	stream, err := reflectionpb.NewServerReflectionClient(conn).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(r *reflectionpb.ServerReflectionRequest) *reflectionpb.ServerReflectionResponse {
		if err := stream.Send(r); err != nil {
			t.Fatal(err)
		}
		answer, err := stream.Recv()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	services := ask(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}})
	var names []string
	for _, s := range services.GetListServicesResponse().GetService() {
		names = append(names, s.GetName())
	}
	if got := strings.Join(names, " "); got != "echo.v1.EchoService grpc.health.v1.Health grpc.reflection.v1.ServerReflection grpc.reflection.v1alpha.ServerReflection" {
		t.Errorf("services: %s", got)
	}
	file := ask(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "echo.v1.EchoService"}})
	var d descriptorpb.FileDescriptorProto
	if err := proto.Unmarshal(file.GetFileDescriptorResponse().GetFileDescriptorProto()[0], &d); err != nil {
		t.Fatal(err)
	}
	if len(d.GetService()) != 1 || len(d.GetService()[0].GetMethod()) != 8 {
		t.Errorf("the file shows %v", d.GetService())
	}
	hidden := ask(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "echo.v1.HiddenService"}})
	if hidden.GetErrorResponse().GetErrorCode() != int32(codes.NotFound) {
		t.Errorf("the hidden service is shown: %v", hidden)
	}
	own := ask(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "grpc.health.v1.Health"}})
	if len(own.GetFileDescriptorResponse().GetFileDescriptorProto()) == 0 {
		t.Errorf("health is not described: %v", own)
	}
}

func TestHealthFollowsTheBackend(t *testing.T) {
	up := startUpstream(t)
	r := startHost(t, testSettings(up.address))
	watch, err := healthpb.NewHealthClient(r.dial("grpc")).Watch(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	expect := func(want healthpb.HealthCheckResponse_ServingStatus) {
		t.Helper()
		if got, err := watch.Recv(); err != nil || got.GetStatus() != want {
			t.Fatal(got, err)
		}
	}
	expect(healthpb.HealthCheckResponse_SERVING)
	up.health.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	expect(healthpb.HealthCheckResponse_NOT_SERVING)
	r.await("/readyz", 503)
	r.await("/healthz", 200)
	up.health.SetServingStatus("", healthpb.HealthCheckResponse_SERVING)
	expect(healthpb.HealthCheckResponse_SERVING)
	r.await("/readyz", 200)
}
