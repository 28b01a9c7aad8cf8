// Command load calls a server at a fixed rate and prints the latencies, as JSON on standard output.
//
// It is an open loop: calls start when they are due, whether earlier ones have been answered or not, and a latency counts
// from the time a call was due. So a server that stalls pays for every call that it kept waiting.
// It speaks HTTP/2 and HTTP/1.1 by hand, because on the same two cores a full client would cost more than the servers.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"os"
	"time"
)

// options are what the command line says.
type options struct {
	target, path, method string
	body                 []byte
	size                 int // bytes of a right answer, or -1
	rate                 float64
	length               time.Duration
	cancel               int // every n-th call is cancelled soon after its start; 0: none
}

func main() {
	var o options
	kind := flag.String("kind", "grpc", "grpc or rest")
	bodyFile := flag.String("body", "", "file with the request: a framed message, or JSON for rest")
	seconds := flag.Float64("seconds", 1, "how long")
	flag.StringVar(&o.target, "target", "", "host:port")
	flag.StringVar(&o.path, "path", "", "path of the rpc, or of the resource")
	flag.StringVar(&o.method, "method", "POST", "HTTP method of rest")
	flag.IntVar(&o.size, "size", -1, "bytes of a right answer's body; -1: not checked")
	flag.Float64Var(&o.rate, "rate", 100, "calls a second")
	flag.IntVar(&o.cancel, "cancel", 0, "cancel every n-th call soon after its start; 0: none")
	flag.Parse()

	o.length = time.Duration(*seconds * float64(time.Second))
	body, err := os.ReadFile(*bodyFile)
	if err != nil {
		log.Fatal(err)
	}
	o.body = body
	open := openHTTP2
	if *kind == "rest" {
		open = openHTTP1
	}
	r, err := run(open, o)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		log.Fatal(err)
	}
}

// cancelAfter is when the call is to be cancelled, 0 to 3 ms after its start; ok is false for most calls.
func (o options) cancelAfter(call int) (after time.Duration, ok bool) {
	if o.cancel == 0 || call%o.cancel != 0 {
		return 0, false
	}
	return time.Duration(call/o.cancel%7) * time.Millisecond / 2, true
}
