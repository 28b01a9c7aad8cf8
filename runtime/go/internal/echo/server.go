package echo

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Server is a plain implementation. An id commands what happens: see obey.
type Server struct {
	Calls     atomic.Int64  // handlers entered
	Cancelled chan struct{} // one value for each handler that saw its call cancelled
}

// NewServer makes a server.
func NewServer() *Server { return &Server{Cancelled: make(chan struct{}, 64)} }

// obey fails, hangs or panics as the id says.
func (s *Server) obey(ctx context.Context, id string) error {
	s.Calls.Add(1)
	switch {
	case id == "missing":
		return status.Error(codes.NotFound, "no such note")
	case id == "bad":
		st, _ := status.New(codes.InvalidArgument, "bad id").WithDetails(&errdetails.BadRequest{
			FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "id", Description: "is bad", Reason: "string.bad"}}})
		return st.Err()
	case id == "quota":
		return status.Error(codes.ResourceExhausted, "quota")
	case id == "hang":
		<-ctx.Done()
		s.Cancelled <- struct{}{}
		return status.FromContextError(ctx.Err()).Err()
	}
	return nil
}

// Create answers what it got. The request's metadata x-echo or traceparent comes back as header and trailer.
func (s *Server) Create(ctx context.Context, r *CreateRequest) (*Note, error) {
	if err := s.obey(ctx, r.GetText()); err != nil {
		return nil, err
	}
	values := append(metadata.ValueFromIncomingContext(ctx, "x-echo"), metadata.ValueFromIncomingContext(ctx, "traceparent")...)
	if len(values) > 0 {
		_ = grpc.SetHeader(ctx, metadata.Pairs("x-header", values[0]))
		_ = grpc.SetTrailer(ctx, metadata.Pairs("x-trailer", values[0], "x-trailer-bin", "\x00\xff"))
	}
	return &Note{Id: "new", Text: r.GetText(), Size: r.GetSize(), Data: r.GetData()}, nil
}

// Get answers the id; size is the remaining time in seconds.
func (s *Server) Get(ctx context.Context, r *GetRequest) (*Note, error) {
	if err := s.obey(ctx, r.GetId()); err != nil {
		return nil, err
	}
	note := &Note{Id: r.GetId()}
	if deadline, ok := ctx.Deadline(); ok {
		note.Size = int32(time.Until(deadline).Seconds()) + 1
	}
	return note, nil
}

// List answers one note that shows the request.
func (s *Server) List(ctx context.Context, r *ListRequest) (*ListResponse, error) {
	s.Calls.Add(1)
	return &ListResponse{Notes: []*Note{{
		Size: r.GetPageSize(), State: r.GetState(), Text: strings.Join(r.GetTags(), ","),
		Id: r.GetFilter().GetId(), CreateTime: r.GetSince(),
	}}}, nil
}

// Update answers the mask as text.
func (s *Server) Update(ctx context.Context, r *UpdateRequest) (*Note, error) {
	s.Calls.Add(1)
	return &Note{Id: r.GetNote().GetId(), Text: strings.Join(r.GetUpdateMask().GetPaths(), ",")}, nil
}

// Confirm answers the id.
func (s *Server) Confirm(ctx context.Context, r *GetRequest) (*Note, error) { return s.Get(ctx, r) }

// Secret is internal.
func (s *Server) Secret(ctx context.Context, r *GetRequest) (*Note, error) { return s.Get(ctx, r) }

// Peek is internal.
func (s *Server) Peek(ctx context.Context, r *GetRequest) (*Note, error) { return s.Get(ctx, r) }

// Watch answers three notes; "fail" fails after the second.
func (s *Server) Watch(r *GetRequest, stream grpc.ServerStreamingServer[Note]) error {
	_ = stream.SetHeader(metadata.Pairs("x-header", "watch"))
	stream.SetTrailer(metadata.Pairs("x-trailer", "watch"))
	if r.GetId() == "hang" {
		if err := stream.Send(&Note{Id: "first"}); err != nil {
			return err
		}
	}
	if err := s.obey(stream.Context(), r.GetId()); err != nil {
		return err
	}
	for i := range int32(3) {
		if i == 2 && r.GetId() == "fail" {
			return status.Error(codes.Aborted, "broken off")
		}
		if err := stream.Send(&Note{Id: r.GetId(), Size: i}); err != nil {
			return err
		}
	}
	return nil
}

// Upload answers all notes; "early" is answered without reading on.
func (s *Server) Upload(stream grpc.ClientStreamingServer[Note, ListResponse]) error {
	s.Calls.Add(1)
	answer := &ListResponse{}
	for {
		note, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(answer)
		}
		if err != nil {
			return err
		}
		if note.GetId() == "early" {
			return status.Error(codes.FailedPrecondition, "enough")
		}
		answer.Notes = append(answer.Notes, note)
	}
}

// Talk answers note by note.
func (s *Server) Talk(stream grpc.BidiStreamingServer[Note, Note]) error {
	s.Calls.Add(1)
	for {
		note, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(&Note{Id: note.GetId(), Text: "re: " + note.GetText()}); err != nil {
			return err
		}
	}
}

// HiddenServer is the implementation of the internal service.
type HiddenServer struct{ *Server }
