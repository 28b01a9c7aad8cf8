package host

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"

	"protolith.dev/runtime/go/internal/echo"
	"protolith.dev/runtime/go/raw"
	"protolith.dev/runtime/go/worker"
)

// quiet keeps the log out of the figures.
func quiet(b *testing.B) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	b.Cleanup(func() { slog.SetDefault(before) })
}

func awaitReady(b *testing.B, h *host) {
	for len(h.readiness.missing()) > 0 {
		time.Sleep(time.Millisecond)
	}
}

// BenchmarkRoundTrip is the multiplexer alone: one connection, a worker in this process.
func BenchmarkRoundTrip(b *testing.B) {
	conn, _ := pair(b, worker.Config{MaxMessageBytes: 1 << 20})
	message := mem.BufferSlice{mem.SliceBuffer(bytes.Repeat([]byte{7}, 0))}
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := conn.Call(context.Background(), "/echo.v1.EchoService/Get", message); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkGRPC is a call through the edge to a worker process and back.
func BenchmarkGRPC(b *testing.B) {
	quiet(b)
	h, err := start(echo.Contract, localSettings(1))
	if err != nil {
		b.Fatal(err)
	}
	defer h.drain(time.Second)
	awaitReady(b, h)
	conn := dial(b, h.listeners["grpc"].Addr().String(), grpc.WithDefaultCallOptions(grpc.ForceCodecV2(raw.Codec)))
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			var out echo.Note
			if err := conn.Invoke(context.Background(), "/echo.v1.EchoService/Create", &echo.CreateRequest{Text: "a"}, &out); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkREST is the same over REST.
func BenchmarkREST(b *testing.B) {
	quiet(b)
	h, err := start(echo.Contract, localSettings(1))
	if err != nil {
		b.Fatal(err)
	}
	defer h.drain(time.Second)
	awaitReady(b, h)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	url := "http://" + h.listeners["rest"].Addr().String() + "/v1/notes"
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			response, err := client.Post(url, "application/json", bytes.NewReader([]byte(`{"text":"a"}`)))
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK {
				b.Fatal(response.Status)
			}
		}
	})
}
