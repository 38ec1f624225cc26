package grad

import (
	"ann2snn/internal/kernels/cpu"
	"ann2snn/internal/kernels/f32"
)

// conv is a grouped convolution, by products of matrices: its windows, side by side, make a
// matrix of patches with a row per output pixel.
type conv struct {
	windows
	groups        int
	weights, bias *parameter
	forth, back   []*f32.Packed // of each group: the weights transposed, and as they are
}

// extent returns the outputs of a group and the inputs of each of them.
func (c *conv) extent() (outs, fan int) {
	outs = c.out.C / c.groups
	return outs, len(c.weights.Data) / c.out.C
}

func (c *conv) pack(set *cpu.Set) {
	outs, fan := c.extent()
	c.forth, c.back = c.forth[:0], c.back[:0]
	for g := range c.groups {
		w := f32.RowMajor(c.weights.Data[g*outs*fan:][:outs*fan], fan)
		c.forth = append(c.forth, f32.Pack(set, w.T()))
		c.back = append(c.back, f32.Pack(set, w))
	}
}

// columns returns the outputs of a group in a map of all.
func (c *conv) columns(x []float32, g int) f32.Matrix {
	outs, _ := c.extent()
	return f32.Matrix{Data: x[g*outs:], Rows: c.out.H * c.out.W, Cols: outs, Row: c.out.C, Col: 1}
}

func (c *conv) forward(dst []float32, in [][]float32, biased bool, s *Session) {
	_, fan := c.extent()
	c.load(in[0], s)
	for g := range c.groups {
		s.gemm.MulPacked(c.columns(dst, g), f32.RowMajor(c.patch(in[0], g, s), fan), c.forth[g])
	}
	if biased {
		addBias(dst, c.bias.Data)
	}
}

// load copies an input into the session's map with padding.
func (c *conv) load(in []float32, s *Session) {
	if !c.bare() {
		s.padded = zeroed(s.padded, c.padded.Len())
		c.pad(s.padded, in)
	}
}

// patch returns the patches of a group, of the map that load has copied.
func (c *conv) patch(in []float32, g int, s *Session) []float32 {
	if c.bare() && c.groups == 1 {
		return in
	}
	_, fan := c.extent()
	channels := c.in.C / c.groups
	from := s.padded
	if c.bare() {
		from = in
	}
	s.patches = grow(s.patches, c.out.H*c.out.W*fan)
	c.runs(g*channels, channels, func(at, to, n int) { copy(s.patches[to:to+n], from[at:]) })
	return s.patches
}

func (c *conv) backward(dout []float32, in, din [][]float32, s *Session) {
	outs, fan := c.extent()
	if c.bias.place >= 0 {
		addRows(s.Grads[c.bias.place], dout)
	}
	c.load(in[0], s)
	for g := range c.groups {
		if c.weights.place >= 0 {
			to := f32.RowMajor(s.Grads[c.weights.place][g*outs*fan:][:outs*fan], fan)
			s.gemm.Mul(to, c.columns(dout, g).T(), f32.RowMajor(c.patch(in[0], g, s), fan), true)
		}
	}
	if din[0] == nil {
		return
	}
	s.padded = zeroed(s.padded, c.padded.Len())
	for g := range c.groups {
		c.spread(dout, din[0], g, s)
	}
	if !c.bare() || c.groups > 1 {
		c.crop(din[0], s.padded)
	}
}

// spread adds the gradient by the patches of a group to that by the map with padding.
func (c *conv) spread(dout, din []float32, g int, s *Session) {
	_, fan := c.extent()
	s.patches = grow(s.patches, c.out.H*c.out.W*fan)
	s.gemm.MulPacked(f32.RowMajor(s.patches, fan), c.columns(dout, g), c.back[g])
	if c.bare() && c.groups == 1 {
		addTo(din, s.patches)
		return
	}
	channels := c.in.C / c.groups
	c.runs(g*channels, channels, func(at, to, n int) { addTo(s.padded[at:at+n], s.patches[to:]) })
}

// addBias adds a bias per channel to every pixel.
func addBias(dst, bias []float32) {
	for ; len(dst) > 0; dst = dst[len(bias):] {
		addTo(dst[:len(bias)], bias)
	}
}

// addRows adds every pixel of x to sum.
func addRows(sum, x []float32) {
	for ; len(x) > 0; x = x[len(sum):] {
		addTo(sum, x)
	}
}
