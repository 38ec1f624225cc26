package snn

// The numbers of the operators in a file.
const (
	opInput = 1 + iota
	opConv
	opDense
	opSum
	opSumPool
	opMaxPool
	opConcat
	opGather
	opProduct
	opQuantisedInput // an Input, which older versions must not take for another
)

func networkFields(c coder, n *Network) {
	number(c, 1, &n.Steps)
	number(c, 2, &n.Restim)
	number(c, 3, &n.Rho)
	flag(c, 4, &n.Integer)
	number(c, 5, &n.Output)
	list(c, 6, &n.Layers, layerFields)
	list(c, 7, &n.Host, hostFields)
	c.message(8, func(c coder) { metaFields(c, &n.Meta) })
}

func hostFields(c coder, h *HostOp) {
	c.text(1, &h.Name)
	number(c, 2, &h.Fn)
	number(c, 3, &h.Group)
	number(c, 4, &h.Stride)
}

func metaFields(c coder, m *Meta) {
	c.text(1, &m.Model)
	c.text(2, &m.SHA256)
	list(c, 3, &m.Labels, func(c coder, label *string) { c.text(1, label) })
}

func layerFields(c coder, l *Layer) {
	c.text(1, &l.Name)
	c.message(2, func(c coder) { opFields(c, &l.Op) })
	indices(c, 3, &l.In)
	numbers(c, 4, &l.Shape.H, &l.Shape.W, &l.Shape.C)
	if c.reading() && c.has(5) {
		l.Neuron = &Neuron{}
	}
	if l.Neuron != nil {
		c.message(5, func(c coder) { neuronFields(c, l.Neuron) })
	}
	array(c, 6, &l.Scale)
	array(c, 7, &l.Unit)
	c.text(8, &l.ANNValue)
	c.text(9, &l.ANNCurrent)
	real32(c, 10, &l.Density)
}

func neuronFields(c coder, n *Neuron) {
	numbers(c, 1, &n.Format.M, &n.Format.N)
	array(c, 2, &n.Threshold)
	array(c, 3, &n.IntThreshold)
	flag(c, 4, &n.Signed)
	number(c, 5, &n.Act.Fn)
	real32(c, 6, &n.Act.A)
	real32(c, 7, &n.Act.B)
	array(c, 8, &n.Act.Slope)
}

// opFields visits an operator: its number as field 1, then its own fields.
func opFields(c coder, op *Op) {
	kind := opNumber(*op)
	number(c, 1, &kind)
	switch kind {
	case opInput:
		visit(c, op, inputFields)
	case opQuantisedInput:
		visit(c, op, quantisedFields)
	case opConv:
		visit(c, op, convFields)
	case opDense:
		visit(c, op, func(c coder, o *Dense) { weightFields(c, &o.W) })
	case opSum:
		visit(c, op, sumFields)
	case opSumPool:
		visit(c, op, func(c coder, o *SumPool) { windowFields(c, &o.Window) })
	case opMaxPool:
		visit(c, op, func(c coder, o *MaxPool) { windowFields(c, &o.Window) })
	case opConcat:
		visit(c, op, func(coder, *Concat) {})
	case opGather:
		visit(c, op, func(c coder, o *Gather) { array(c, 2, &o.Index) })
	case opProduct:
		visit(c, op, productFields)
	default:
		c.refuse("a layer has an operator that this version does not know (use a newer ann2snn)")
	}
}

// opNumber returns the number of op, 0 for none.
func opNumber(op Op) int {
	switch op := op.(type) {
	case Input:
		if op.Quantised {
			return opQuantisedInput
		}
		return opInput
	case Conv:
		return opConv
	case Dense:
		return opDense
	case Sum:
		return opSum
	case SumPool:
		return opSumPool
	case MaxPool:
		return opMaxPool
	case Concat:
		return opConcat
	case Gather:
		return opGather
	case Product:
		return opProduct
	}
	return 0
}

// visit visits the fields of an operator of a known type.
func visit[T Op](c coder, op *Op, fields func(coder, *T)) {
	var o T
	if !c.reading() {
		o, _ = (*op).(T)
	}
	fields(c, &o)
	if c.reading() {
		*op = o
	}
}

func inputFields(c coder, o *Input) {
	flag(c, 2, &o.ChannelsFirst)
	number(c, 3, &o.Levels)
}

func quantisedFields(c coder, o *Input) {
	o.Quantised = true
	inputFields(c, o)
	number(c, 4, &o.Low)
}

func windowFields(c coder, w *Window) {
	numbers(c, 2, &w.Kernel[0], &w.Kernel[1])
	numbers(c, 3, &w.Stride[0], &w.Stride[1])
	numbers(c, 4, &w.Dilation[0], &w.Dilation[1])
	numbers(c, 5, &w.Pad[0], &w.Pad[1], &w.Pad[2], &w.Pad[3])
}

func convFields(c coder, o *Conv) {
	windowFields(c, &o.Window)
	number(c, 6, &o.Groups)
	weightFields(c, &o.W)
}

func weightFields(c coder, w *Weights) {
	array(c, 10, &w.F)
	array(c, 11, &w.Q)
	array(c, 12, &w.Bias)
	array(c, 13, &w.IntBias)
}

func sumFields(c coder, o *Sum) {
	list(c, 2, &o.Factors, func(c coder, s *[]float32) { array(c, 1, s) })
	list(c, 3, &o.Mult, func(c coder, m *[]int32) { array(c, 1, m) })
	array(c, 12, &o.Bias)
	array(c, 13, &o.IntBias)
}

func productFields(c coder, o *Product) {
	number(c, 2, &o.Parts)
	array(c, 3, &o.Factor)
}
