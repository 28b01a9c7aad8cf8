package backend

import (
	"context"
	"sync"
)

// Close drains all backends side by side.
func (s *Set) Close(ctx context.Context) {
	var wg sync.WaitGroup
	for _, b := range s.backends {
		wg.Go(func() { b.Close(ctx) })
	}
	wg.Wait()
}
