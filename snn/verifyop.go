package snn

func (o Input) verify(v *verifier, l *Layer) {
	if v.net.Integer {
		v.check(len(l.Scale) == 1 || len(l.Scale) == l.Shape.C, "the input of an integer network needs one Scale, or one per channel")
		v.check((1 <= o.Levels || o.Quantised && o.Levels == 0 && o.Low < 0) && o.Levels <= maxAnalog, "the input's Levels are out of range")
		v.check(-maxAnalog <= o.Low && o.Low <= 0 && (o.Quantised || o.Low == 0), "the input's smallest level is out of range")
		return
	}
	v.check(l.Scale == nil, "the input of a float network has no Scale")
	v.check(!o.Quantised && o.Low == 0, "the input of a float network is not quantised")
}

func (o Conv) verify(v *verifier, l *Layer) {
	in := v.in(l, 0).Shape
	if !v.window(&o.Window, in, l.Shape) {
		return
	}
	if !v.check(o.Groups >= 1 && in.C%o.Groups == 0 && l.Shape.C%o.Groups == 0, "groups do not divide the channels") {
		return
	}
	v.weights(l, &o.W, o.Window.taps()*int64(in.C/o.Groups))
}

func (o Dense) verify(v *verifier, l *Layer) {
	v.check(l.Shape.H == 1 && l.Shape.W == 1, "the output of Dense must be 1 x 1 x C")
	v.weights(l, &o.W, int64(v.in(l, 0).Shape.Len()))
}

// weights checks the parameters of a layer whose outputs see fanIn inputs each.
func (v *verifier) weights(l *Layer, w *Weights, fanIn int64) {
	out := l.Shape.C
	want := fanIn * int64(out)
	v.count(l, fanIn)
	if v.net.Integer {
		v.check(int64(len(w.Q)) == want, "wrong number of int8 weights")
		v.check(len(w.IntBias) == out, "needs an IntBias per output channel")
		v.check(w.F == nil && w.Bias == nil, "an integer network has no float weights")
		return
	}
	v.check(int64(len(w.F)) == want, "wrong number of float weights")
	v.check(len(w.Bias) == out, "needs a Bias per output channel")
	v.check(w.Q == nil && w.IntBias == nil, "a float network has no int8 weights")
	v.check(finite(w.F) && finite(w.Bias), "weights must be finite")
}

func (o Sum) verify(v *verifier, l *Layer) {
	v.count(l, int64(len(l.In)))
	for k := range l.In {
		v.check(v.in(l, k).Shape == l.Shape, "inputs and output of Sum must have one shape")
	}
	c := l.Shape.C
	if v.net.Integer {
		v.check(len(o.Mult) == len(l.In) && o.Factors == nil, "Sum needs Mult, one list per input, and no Factors in an integer network")
		for _, m := range o.Mult {
			v.check(factors(len(m), l.Shape), "Mult must have 1, C or H*W*C entries")
		}
		v.check(o.Bias == nil && (o.IntBias == nil || len(o.IntBias) == c), "IntBias must have one entry per channel, Bias none")
		return
	}
	v.check(len(o.Factors) == len(l.In) && o.Mult == nil, "Sum needs Factors, one list per input, and no Mult in a float network")
	for _, s := range o.Factors {
		v.check(factors(len(s), l.Shape) && finite(s), "Factors of Sum must have 1, C or H*W*C finite entries")
	}
	v.check(o.IntBias == nil && (o.Bias == nil || len(o.Bias) == c) && finite(o.Bias), "Bias must have one finite entry per channel, IntBias none")
}

func factors(n int, s Shape) bool { return n == 1 || n == s.C || n == s.Len() }

func (o SumPool) verify(v *verifier, l *Layer) {
	in := v.in(l, 0).Shape
	v.window(&o.Window, in, l.Shape)
	v.check(in.C == l.Shape.C, "a pool keeps the channels")
	v.count(l, o.Window.taps())
}

func (o MaxPool) verify(v *verifier, l *Layer) {
	in := v.in(l, 0)
	v.count(l, o.Window.taps())
	if !v.window(&o.Window, in.Shape, l.Shape) || !v.check(in.Shape.C == l.Shape.C, "a pool keeps the channels") {
		return
	}
	v.check(o.Window.coversInput(0, l.Shape.H, in.Shape.H) && o.Window.coversInput(1, l.Shape.W, in.Shape.W),
		"a window of MaxPool holds nothing but padding")
	if !v.check(in.perChannel() && l.perChannel(), "MaxPool needs one Scale per channel") {
		return
	}
	for c := range min(l.Shape.C, max(len(in.LevelValue()), len(l.LevelValue()), 1)) {
		if !v.check(in.LevelValueAt(c) == l.LevelValueAt(c), "MaxPool must keep the Scale of its input") {
			return
		}
	}
}

func (o Concat) verify(v *verifier, l *Layer) {
	channels, fits := 0, true
	for k := range l.In {
		in := v.in(l, k).Shape
		fits = v.check(in.H == l.Shape.H && in.W == l.Shape.W, "inputs of Concat must have the output's height and width") && fits
		channels += in.C
	}
	if v.check(channels == l.Shape.C, "channels of Concat do not add up") && fits {
		v.concatScale(l)
	}
}

// concatScale checks that the value of a level goes with the channel. It looks at as many elements
// as can differ, which the file has numbers for: a few bytes can describe a hundred million.
func (v *verifier) concatScale(l *Layer) {
	offset := 0
	for k := range l.In {
		in := v.in(l, k)
		same, differ := true, in.Shape.Len()
		switch {
		case !in.sized() || !l.sized():
			differ = 0 // which is an error of its own
		case len(in.LevelValue()) <= 1 && len(l.LevelValue()) <= 1:
			differ = 1
		case in.perChannel() && l.perChannel():
			differ = in.Shape.C
		}
		for i := 0; i < differ && same; i++ {
			pixel, c := i/in.Shape.C, i%in.Shape.C
			same = in.LevelValueAt(i) == l.LevelValueAt(pixel*l.Shape.C+offset+c)
		}
		v.check(same, "Concat must keep the Scale of its inputs")
		offset += in.Shape.C
	}
}

func (o Gather) verify(v *verifier, l *Layer) {
	in := v.in(l, 0)
	if !v.check(len(o.Index) == l.Shape.Len(), "Gather needs an index per element") {
		return
	}
	size := in.Shape.Len()
	for i, from := range o.Index {
		if from < 0 {
			continue
		}
		if !v.check(int(from) < size, "an index of Gather is outside its input") ||
			!v.check(in.LevelValueAt(int(from)) == l.LevelValueAt(i), "Gather must keep the Scale of what it moves") {
			return
		}
	}
}

func (o Product) verify(v *verifier, l *Layer) {
	v.count(l, 2)
	a, b := v.in(l, 0).Shape, v.in(l, 1).Shape
	v.check(l.Shape == broadcast(a, b) && l.Shape == broadcast(b, a), "the inputs of Product must have the output's shape, or 1 where it has more")
	if !v.net.Integer {
		v.check(factors(len(o.Factor), l.Shape) && finite(o.Factor), "Factor of Product must have 1, C or H*W*C finite entries")
		v.check(o.Parts == 0, "a Product of a float network has no Parts")
		return
	}
	v.check(o.Factor == nil, "Factor is for float networks")
	v.check(1 <= o.Parts && o.Parts <= MaxDepth && int64(o.Parts)%v.net.depth() == 0, "Parts must be a multiple of Rho^(Steps-1)")
}

// broadcast returns the shape of a with its extents of 1 replaced by those of b.
func broadcast(a, b Shape) Shape {
	extent := func(x, y int) int {
		if x == 1 {
			return y
		}
		return x
	}
	return Shape{extent(a.H, b.H), extent(a.W, b.W), extent(a.C, b.C)}
}

// window checks the geometry of a window and the output shape that follows from it.
func (v *verifier) window(w *Window, in, out Shape) bool {
	for _, n := range [...]int{
		w.Kernel[0], w.Kernel[1], w.Stride[0], w.Stride[1], w.Dilation[0], w.Dilation[1],
		w.Pad[0] + 1, w.Pad[1] + 1, w.Pad[2] + 1, w.Pad[3] + 1,
	} {
		if !v.check(1 <= n && n <= maxExtent, "the window is out of range") {
			return false
		}
	}
	h, wide := w.Out(in)
	return v.check(h == out.H && wide == out.W, "the shape does not follow from the window")
}

// count adds to the network's work the given number of additions per element of l.
func (v *verifier) count(l *Layer, additions int64) {
	v.work = min(v.work+bounded(additions, int64(l.Shape.Len())), MaxWork+1)
}
