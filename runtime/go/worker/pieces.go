package worker

import "google.golang.org/grpc/mem"

// pieces reads a message bit by bit without owning it.
type pieces struct {
	data   mem.BufferSlice
	offset int // in data[0]
	left   int
}

func newPieces(data mem.BufferSlice) pieces {
	return pieces{data: data, left: data.Len()}
}

// appendTo adds the next n bytes to b.
func (p *pieces) appendTo(b []byte, n int) []byte {
	p.left -= n
	for n > 0 {
		now := p.data[0].ReadOnlyData()[p.offset:]
		if len(now) > n {
			p.offset += n
			return append(b, now[:n]...)
		}
		b = append(b, now...)
		n -= len(now)
		p.data, p.offset = p.data[1:], 0
	}
	return b
}
