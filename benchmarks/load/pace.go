package main

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// patience is how long to wait for answers after the last call was due.
const patience = 30 * time.Second

// client makes calls that are known by their number.
type client interface {
	start(call int) // makes the call, or keeps it until the server's limits allow it
	flush()         // sends what start has only written
}

// opener connects a client that reports the end of each call, from any goroutine.
type opener func(o options, ended func(call int, err error)) (client, error)

// result is what is printed.
type result struct {
	Calls  int     `json:"calls"`
	Failed int     `json:"failed"` // without those that were cancelled on purpose; each counts as if it took patience
	Error  string  `json:"error"`  // of the first one that failed
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
}

func run(open opener, o options) (result, error) {
	count := max(1, int(o.rate*o.length.Seconds()))
	latencies := make([]time.Duration, count)
	failures := make([]error, count)
	var calls sync.WaitGroup
	calls.Add(count)

	var start time.Time
	due := func(call int) time.Time {
		return start.Add(time.Duration(float64(call) / o.rate * float64(time.Second)))
	}
	c, err := open(o, func(call int, err error) {
		latencies[call], failures[call] = time.Since(due(call)), err
		calls.Done()
	})
	if err != nil {
		return result{}, err
	}
	start = time.Now()
	for next := 0; next < count; {
		for ; next < count && !time.Now().Before(due(next)); next++ {
			c.start(next)
		}
		c.flush()
		time.Sleep(time.Until(due(next)))
	}
	if !ends(&calls) {
		return result{}, errors.New("calls without an answer 30 s after the last one was due")
	}
	return summary(latencies, failures), nil
}

func ends(calls *sync.WaitGroup) bool {
	done := make(chan struct{})
	go func() { calls.Wait(); close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(patience):
		return false
	}
}

func summary(latencies []time.Duration, failures []error) result {
	r := result{Calls: len(latencies)}
	for call, err := range failures {
		if err != nil {
			latencies[call] = patience
			if r.Failed++; r.Failed == 1 {
				r.Error = err.Error()
			}
		}
	}
	slices.Sort(latencies)
	r.P50 = milliseconds(latencies[len(latencies)/2])
	r.P99 = milliseconds(latencies[len(latencies)*99/100])
	return r
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
