// Package host is the program that generated code starts: it owns the sockets and passes calls to its backends.
package host

import "protolith.dev/runtime/go/contract"

// The table that generated code fills; see package contract.
type (
	Contract    = contract.Contract
	Service     = contract.Service
	Method      = contract.Method
	Idempotency = contract.Idempotency
)

// The idempotency levels of an rpc.
const (
	IdempotencyUnknown = contract.IdempotencyUnknown
	NoSideEffects      = contract.NoSideEffects
	Idempotent         = contract.Idempotent
)
