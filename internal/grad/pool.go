package grad

import "ann2snn/snn"

// sumPool adds the elements of each window, times a factor per element, channel or layer.
type sumPool struct {
	windows
	factors []float32
}

// newSumPool takes the level values of the input out of those of the output.
func (g *Network) newSumPool(l *snn.Layer, op *snn.SumPool) *sumPool {
	in := &g.source.Layers[l.In[0]]
	f := make([]float32, max(len(l.LevelValue()), min(len(in.LevelValue()), l.Shape.C), 1))
	for i := range f {
		f[i] = l.LevelValueAt(i) / in.LevelValueAt(i)
	}
	return &sumPool{newWindows(in.Shape, l.Shape, op.Window), f}
}

func (p *sumPool) forward(dst []float32, in [][]float32, _ bool, s *Session) {
	sums, c := zeroed(s.patches, len(dst)), p.in.C
	s.patches = sums
	p.taps(func(pixel, _, at int) { addTo(sums[pixel*c:][:c], in[0][at:]) })
	clear(dst)
	addScaled(dst, sums, p.factors)
}

func (p *sumPool) backward(dout []float32, _, din [][]float32, s *Session) {
	if din[0] == nil {
		return
	}
	scaled, c := zeroed(s.patches, len(dout)), p.in.C
	s.patches = scaled
	addScaled(scaled, dout, p.factors)
	p.taps(func(pixel, _, at int) { addTo(din[0][at:][:c], scaled[pixel*c:]) })
}

// maxPool is the maximum of each window.
type maxPool struct{ windows }

func (g *Network) newMaxPool(l *snn.Layer, op *snn.MaxPool) (*maxPool, error) {
	in := &g.source.Layers[l.In[0]]
	for c := range l.Shape.C {
		if in.LevelValueAt(c) != l.LevelValueAt(c) {
			return nil, errRescaled
		}
	}
	return &maxPool{newWindows(in.Shape, l.Shape, op.Window)}, nil
}

// winners sets s.places to the place of the first largest element of each window.
func (p *maxPool) winners(x []float32, s *Session) []int32 {
	c := p.in.C
	s.places = grow(s.places, p.out.Len())
	for i := range s.places {
		s.places[i] = -1
	}
	p.taps(func(pixel, _, at int) {
		best := s.places[pixel*c:][:c]
		for ch, v := range x[at:][:c] {
			if best[ch] < 0 || v > x[best[ch]] {
				best[ch] = int32(at + ch)
			}
		}
	})
	return s.places
}

func (p *maxPool) forward(dst []float32, in [][]float32, _ bool, s *Session) {
	for i, at := range p.winners(in[0], s) {
		dst[i] = 0
		if at >= 0 {
			dst[i] = in[0][at]
		}
	}
}

func (p *maxPool) backward(dout []float32, in, din [][]float32, s *Session) {
	if din[0] == nil {
		return
	}
	for i, at := range p.winners(in[0], s) {
		if at >= 0 {
			din[0][at] += dout[i]
		}
	}
}
