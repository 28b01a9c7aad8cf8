package worker

import (
	"fmt"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"protolith.dev/runtime/go/frame"
)

// Lost is the failure of a call whose worker went away.
type Lost struct {
	Name     string
	Answered bool // the worker had begun to answer
	Unsent   bool // the worker has not seen the call
}

func (l *Lost) Error() string {
	return fmt.Sprintf("worker %s went away while it served the call", l.Name)
}

// GRPCStatus makes it UNAVAILABLE.
func (l *Lost) GRPCStatus() *status.Status { return status.New(codes.Unavailable, l.Error()) }

// statusOf is the error of a RESPONSE; nil when it is OK.
func statusOf(h frame.ResponseHead) error {
	if h.Code == 0 {
		return nil
	}
	p := &spb.Status{}
	if len(h.Status) > 0 && proto.Unmarshal(h.Status, p) != nil {
		p = &spb.Status{Message: "the worker's status cannot be read"}
	}
	p.Code = int32(h.Code)
	return status.FromProto(p).Err()
}

// statusBytes serializes the status of an error; details that do not fit are left out.
func statusBytes(err error) []byte {
	p := status.Convert(err).Proto()
	data, marshalErr := proto.Marshal(p)
	if marshalErr == nil && len(data) <= frame.MaxMetadata/2 {
		return data
	}
	text := p.GetMessage()
	data, _ = proto.Marshal(&spb.Status{Code: p.GetCode(), Message: clip(text, frame.MaxMetadata/4)})
	return data
}

// Unsent tells whether err means that the worker has not seen the call.
func Unsent(err error) bool {
	lost, ok := err.(*Lost) //nolint:errorlint // never wrapped
	return ok && lost.Unsent
}
