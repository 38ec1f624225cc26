package grad

import "ann2snn/snn"

// gather moves elements.
type gather struct{ index []int32 }

func (g *Network) newGather(l *snn.Layer, op *snn.Gather) (*gather, error) {
	in := &g.source.Layers[l.In[0]]
	for i, from := range op.Index {
		if from >= 0 && in.LevelValueAt(int(from)) != l.LevelValueAt(i) {
			return nil, errRescaled
		}
	}
	return &gather{op.Index}, nil
}

func (g *gather) forward(dst []float32, in [][]float32, _ bool, _ *Session) {
	for i, from := range g.index {
		dst[i] = 0
		if from >= 0 {
			dst[i] = in[0][from]
		}
	}
}

func (g *gather) backward(dout []float32, _, din [][]float32, _ *Session) {
	if din[0] == nil {
		return
	}
	for i, from := range g.index {
		if from >= 0 {
			din[0][from] += dout[i]
		}
	}
}

// concat joins its inputs along the channels.
type concat struct {
	channels int
	parts    []int // channels of each input
}

func (g *Network) newConcat(l *snn.Layer) (*concat, error) {
	c := &concat{channels: l.Shape.C}
	for _, from := range l.In {
		c.parts = append(c.parts, g.source.Layers[from].Shape.C)
	}
	var err error
	c.each(l.Shape.H*l.Shape.W, func(k, from, to, n int) {
		in := &g.source.Layers[l.In[k]]
		for i := range n {
			if in.LevelValueAt(from+i) != l.LevelValueAt(to+i) {
				err = errRescaled
			}
		}
	})
	return c, err
}

// each calls f for the channels of every input at every pixel: the number of the input, where
// they lie in it and in the output, and how many they are.
func (c *concat) each(pixels int, f func(k, from, to, n int)) {
	first := 0
	for k, n := range c.parts {
		for pixel := range pixels {
			f(k, pixel*n, pixel*c.channels+first, n)
		}
		first += n
	}
}

func (c *concat) forward(dst []float32, in [][]float32, _ bool, _ *Session) {
	c.each(len(dst)/c.channels, func(k, from, to, n int) { copy(dst[to:to+n], in[k][from:]) })
}

func (c *concat) backward(dout []float32, _, din [][]float32, _ *Session) {
	c.each(len(dout)/c.channels, func(k, from, to, n int) {
		if din[k] != nil {
			addTo(din[k][from:from+n], dout[to:])
		}
	})
}
