package backend

import "sync/atomic"

// Budget limits retries over all backends of a host: a request that kills its worker must not kill many.
// A retry takes one token, a success gives a tenth of one back.
type Budget struct{ tenths atomic.Int64 }

const fullBudget = 50 // tenths

// NewBudget makes a full budget.
func NewBudget() *Budget {
	b := &Budget{}
	b.tenths.Store(fullBudget)
	return b
}

// Take takes a token, if there is one.
func (b *Budget) Take() bool {
	for {
		now := b.tenths.Load()
		if now < 10 {
			return false
		}
		if b.tenths.CompareAndSwap(now, now-10) {
			return true
		}
	}
}

// Succeeded gives back a part of a token. Most calls find the budget full.
func (b *Budget) Succeeded() {
	if b.tenths.Load() < fullBudget {
		b.tenths.Add(1)
	}
}
