package ann

import (
	"sync"

	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/f32"
	"ann2snn/ir"
)

// packs holds the packed constants that the programs of a graph share.
type packs struct {
	set    *cpu.Set // the kernels that they are packed for
	mu     sync.Mutex
	packed map[any]any // by a key of a type of its own
}

// packedMatrix is the key of a constant on the right of a matrix product.
type packedMatrix struct {
	constant   *ir.Tensor
	rows, cols int
	transposed bool
}

// packedFilters is the key of the constants of a convolution.
type packedFilters struct {
	weights, bias *ir.Tensor
	in, out       f32.Map
	window        f32.Window
	groups        int
}

// packedOnce returns what pack made of the constants of key, for this program or for an earlier one.
func packedOnce[T any](p *packs, key any, pack func() T) T {
	p.mu.Lock()
	defer p.mu.Unlock()
	if made, ok := p.packed[key].(T); ok {
		return made
	}
	made := pack()
	if p.packed == nil {
		p.packed = map[any]any{}
	}
	p.packed[key] = made
	return made
}
