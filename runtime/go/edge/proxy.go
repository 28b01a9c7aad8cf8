package edge

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"protolith.dev/runtime/go/contract"
	"protolith.dev/runtime/go/guard"
	"protolith.dev/runtime/go/raw"
)

// proxy passes the calls of one rpc on to a backend.
type proxy struct {
	path    string
	desc    grpc.StreamDesc
	backend grpc.ClientConnInterface
}

// describe registers all kinds of rpc as streams: that hands the handler the stream itself, where
// headers and trailers are set without a look-up in the context.
func describe(s contract.Service, backend grpc.ClientConnInterface) *grpc.ServiceDesc {
	desc := &grpc.ServiceDesc{ServiceName: s.Name, HandlerType: (*any)(nil)}
	for _, m := range s.Methods {
		p := &proxy{path: s.Path(m), backend: backend, desc: grpc.StreamDesc{
			StreamName: m.Name, ClientStreams: m.ClientStreaming, ServerStreams: m.ServerStreaming,
		}}
		registered := p.desc
		registered.Handler = p.stream
		if !m.ClientStreaming && !m.ServerStreaming {
			registered.Handler = p.unary
		}
		desc.Streams = append(desc.Streams, registered)
	}
	return desc
}

func (p *proxy) unary(_ any, ss grpc.ServerStream) (err error) {
	defer guard.Recover(p.path, &err)
	var in, out raw.Message
	if err := ss.RecvMsg(&in); err != nil {
		return err
	}
	defer in.Free()
	var header, trailer metadata.MD
	err = p.backend.Invoke(outgoing(ss.Context()), p.path, &in, &out, grpc.Header(&header), grpc.Trailer(&trailer))
	if len(trailer) > 0 {
		ss.SetTrailer(trailer)
	}
	if len(header) > 0 {
		if err := ss.SetHeader(header); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	defer out.Free()
	return ss.SendMsg(&out)
}

func (p *proxy) stream(_ any, ss grpc.ServerStream) error {
	ctx, cancel := context.WithCancel(outgoing(ss.Context()))
	defer cancel()
	cs, err := p.backend.NewStream(ctx, &p.desc, p.path)
	if err != nil {
		return err
	}
	if p.desc.ClientStreams {
		go pump(ss, cs, cancel)
	} else if err := passOne(ss, cs); err != nil {
		return err
	}
	return answer(ss, cs)
}

// passOne passes the only request of a server stream on. A backend that has already answered says so in answer.
func passOne(ss grpc.ServerStream, cs grpc.ClientStream) error {
	var in raw.Message
	if err := ss.RecvMsg(&in); err != nil {
		return err
	}
	defer in.Free()
	if err := cs.SendMsg(&in); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return cs.CloseSend()
}

// pump passes requests on until the client or the backend ends. The handler's return ends ss and so this goroutine.
func pump(ss grpc.ServerStream, cs grpc.ClientStream, cancel context.CancelFunc) {
	for {
		var in raw.Message
		switch err := ss.RecvMsg(&in); {
		case errors.Is(err, io.EOF):
			_ = cs.CloseSend() // its outcome shows in answer
			return
		case err != nil:
			cancel()
			return
		}
		err := cs.SendMsg(&in)
		in.Free()
		if err != nil {
			return // the status shows in answer
		}
	}
}

func answer(ss grpc.ServerStream, cs grpc.ClientStream) error {
	header, err := cs.Header()
	if err == nil && len(header) > 0 {
		if err := ss.SendHeader(header); err != nil {
			return err
		}
	}
	for {
		var out raw.Message
		if err := cs.RecvMsg(&out); err != nil {
			ss.SetTrailer(cs.Trailer())
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		err := ss.SendMsg(&out)
		out.Free()
		if err != nil {
			return err
		}
	}
}

// outgoing makes the metadata of the caller that of the call to the backend.
func outgoing(ctx context.Context) context.Context {
	md, _ := metadata.FromIncomingContext(ctx)
	return metadata.NewOutgoingContext(ctx, md)
}
