package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// httpError is a status whose HTTP code is not the usual one of its gRPC code.
func httpError(code int, s *status.Status) error {
	return &runtime.HTTPStatusError{HTTPStatus: code, Err: s.Err()}
}

// badRequest is INVALID_ARGUMENT that names every bad field.
func badRequest(violations []*errdetails.BadRequest_FieldViolation) error {
	var parts []string
	for _, v := range violations {
		parts = append(parts, v.GetField()+": "+v.GetDescription())
	}
	s := status.New(codes.InvalidArgument, strings.Join(parts, "; "))
	detailed, err := s.WithDetails(&errdetails.BadRequest{FieldViolations: violations})
	if err != nil { // only a code OK can fail here
		return s.Err()
	}
	return detailed.Err()
}

// writeError is grpc-gateway's error handler.
func writeError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, _ *http.Request, err error) {
	respond(w, err)
}

// respond writes err as google.rpc.Status in JSON.
func respond(w http.ResponseWriter, err error) {
	s, code := convert(err)
	header := w.Header()
	header.Del("Trailer")
	header.Del("Transfer-Encoding")
	header.Set("Content-Type", "application/json")
	if code == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Bearer")
	}
	if code == http.StatusRequestEntityTooLarge || code == http.StatusRequestTimeout {
		header.Set("Connection", "close") // what is left of the body is not read
	}
	w.WriteHeader(code)
	_, _ = w.Write(statusJSON(s)) // a client that went away is no error of ours
}

func convert(err error) (*status.Status, int) {
	var custom *runtime.HTTPStatusError
	if errors.As(err, &custom) {
		return status.Convert(custom.Err), custom.HTTPStatus
	}
	s := status.Convert(err)
	if s.Code() == codes.ResourceExhausted && strings.Contains(s.Message(), "larger than max") {
		return s, http.StatusRequestEntityTooLarge // so that 429 always means a quota
	}
	return s, runtime.HTTPStatusFromCode(s.Code())
}

// statusJSON leaves out details whose type this program does not know: one of them must not cost the whole error.
func statusJSON(s *status.Status) []byte {
	p := s.Proto()
	data, err := writing.Marshal(p)
	if err == nil {
		return data
	}
	slog.Warn("error details were left out of a REST answer", "error", err)
	data, err = writing.Marshal(&spb.Status{Code: p.GetCode(), Message: strings.ToValidUTF8(p.GetMessage(), "\uFFFD")})
	if err != nil {
		return []byte(`{"code":13,"message":"internal error"}`)
	}
	return data
}
