// Command load calls a server at a fixed rate and prints the latencies, as JSON on standard output.
//
// It is an open loop: calls start when they are due, whether earlier ones have been answered or not, and a latency counts
// from the time a call was due. So a server that stalls pays for every call that it kept waiting.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"sync"
	"time"
)

// result is what is printed.
type result struct {
	Calls  int     `json:"calls"`
	Failed int     `json:"failed"` // without those that were cancelled on purpose
	Error  string  `json:"error"`  // the first failure
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
	Rate   float64 `json:"rate"` // calls answered a second
}

// caller makes one call and returns once it is answered.
type caller func(ctx context.Context) error

func main() {
	kind := flag.String("kind", "grpc", "grpc, stream (server streaming) or rest")
	target := flag.String("target", "", "host:port")
	path := flag.String("path", "", "path of the rpc, or of the resource")
	method := flag.String("method", "POST", "HTTP method of rest")
	bodyFile := flag.String("body", "", "file with the request: protobuf, or JSON for rest")
	size := flag.Int("size", -1, "bytes of a right answer, all messages of a stream together")
	rate := flag.Float64("rate", 100, "calls a second")
	seconds := flag.Float64("seconds", 1, "how long")
	cancel := flag.Int("cancel", 0, "cancel every n-th call soon after its start; 0: none")
	flag.Parse()

	var body []byte
	if *bodyFile != "" {
		data, err := os.ReadFile(*bodyFile)
		if err != nil {
			log.Fatal(err)
		}
		body = data
	}
	var call caller
	switch *kind {
	case "grpc", "stream":
		call = grpcCaller(*target, *path, body, *kind == "stream", *size)
	case "rest":
		call = restCaller(*method, "http://"+*target+*path, body, *size)
	default:
		log.Fatalf("-kind %s: grpc, stream or rest", *kind)
	}
	r := run(call, *rate, time.Duration(*seconds*float64(time.Second)), *cancel)
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		log.Fatal(err)
	}
}

func run(call caller, rate float64, length time.Duration, cancelEvery int) result {
	count := int(rate * length.Seconds())
	latencies := make([]time.Duration, count)
	errors := make([]error, count)
	var calls sync.WaitGroup
	start := time.Now()
	for i := range count {
		due := start.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		if wait := time.Until(due); wait > 0 {
			time.Sleep(wait)
		}
		calls.Go(func() {
			if cancelEvery > 0 && i%cancelEvery == 0 {
				cancelled(call, time.Duration(i%7)*time.Millisecond/2)
			} else {
				errors[i] = call(context.Background())
			}
			latencies[i] = time.Since(due)
		})
	}
	calls.Wait()
	return summary(latencies, errors, time.Since(start))
}

// cancelled makes a call whose client goes away after a while.
func cancelled(call caller, after time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), after)
	defer cancel()
	_ = call(ctx) // may fail or be answered before: neither is a failure of the server
}

func summary(latencies []time.Duration, errors []error, took time.Duration) result {
	r := result{Calls: len(latencies)}
	for _, err := range errors {
		if err != nil {
			if r.Failed++; r.Failed == 1 {
				r.Error = fmt.Sprint(err)
			}
		}
	}
	if len(latencies) == 0 {
		return r
	}
	slices.Sort(latencies)
	r.P50 = milliseconds(latencies[len(latencies)/2])
	r.P99 = milliseconds(latencies[len(latencies)*99/100])
	r.Rate = float64(len(latencies)) / took.Seconds()
	return r
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
