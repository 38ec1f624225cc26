package snn

// Proof holds what [Network.Verify] and [Network.Ranges] find out about the first layers
// of a network. A network under construction is checked with it once, layer by layer,
// instead of from the start whenever a layer is added:
//
//	proof := snn.NewProof(network)
//	for ... {
//		network.Layers = append(network.Layers, layer)
//		if err := proof.Extend(len(network.Layers)); err != nil { ... }
//		use(proof.Ranges())
//	}
//
// The network's fields other than Layers, Output and Meta must stay as they are.
type Proof struct {
	net      *Network
	layers   []proven
	ranges   []Range
	constant []bool // see Network.Constant
}

// proven is what is known up to the end of a layer.
type proven struct{ elements, work int64 }

// NewProof returns a proof for n that covers none of its layers.
func NewProof(n *Network) *Proof { return &Proof{net: n} }

// Network returns the network of the proof.
func (p *Proof) Network() *Network { return p.net }

// Len returns how many layers are proven.
func (p *Proof) Len() int { return len(p.layers) }

// Ranges returns the ranges of the proven layers of an integer network; they are zero in a
// float network. The slice is valid until the next Extend or Forget.
func (p *Proof) Ranges() []Range { return p.ranges }

// Forget takes back the proof of the layers from number from on, which have changed or
// are about to.
func (p *Proof) Forget(from int) {
	if from = max(0, from); from < len(p.layers) {
		p.layers, p.ranges, p.constant = p.layers[:from], p.ranges[:from], p.constant[:from]
	}
}

// Extend proves the layers up to, not including, number to, as far as that has not been
// done. The errors are those of Verify and Ranges; after an error the layers before the
// one at fault are proven.
func (p *Proof) Extend(to int) error {
	v := &verifier{net: p.net}
	if v.network(); len(v.errs) > 0 {
		return v.err()
	}
	if !v.check(to <= len(p.net.Layers), "there are fewer layers than are to be proven") {
		return v.err()
	}
	if n := len(p.layers); n > 0 {
		v.elements, v.work = p.layers[n-1].elements, p.layers[n-1].work
	}
	for i := len(p.layers); i < to; i++ {
		if v.size(i) && v.small() {
			v.layer(&p.net.Layers[i])
			v.affordable()
		}
		if len(v.errs) > 0 {
			return v.err()
		}
		var r Range
		if p.net.Integer {
			var err error
			if r, err = p.net.rangeOf(i, p.ranges, p.constant); err != nil {
				return err
			}
		}
		p.layers = append(p.layers, proven{v.elements, v.work})
		p.ranges = append(p.ranges, r)
		p.constant = append(p.constant, p.net.Layers[i].constant(p.constant))
	}
	return nil
}
