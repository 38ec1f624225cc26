package onnx

// increment is the neuron of every other activation f: the membrane only gains, and the
// neuron emits how many levels quantise(f(membrane)) is ahead of what it emitted. All of
// it is float64, in the order of operations of runtime.
type increment struct {
	*writer
	unit, level string // values of 1 on the membrane and of a level
	membrane    string
	emitted     string
	q           float64
}

func (w *writer) newIncrement() increment {
	l := w.layer
	unit, level := make([]float64, l.Shape.C), make([]float64, l.Shape.C)
	for c, theta := range l.Neuron.IntThreshold {
		unit[c] = float64(l.Unit[c])
		level[c] = float64(theta) * unit[c]
	}
	if l.Neuron.Act.Exponential() {
		w.lose("the activation takes an exponential function, which no two runtimes round alike: a level may differ where a value lies within 1e-13 of half a level",
			"accept it, or train with a ReLU")
	}
	return increment{
		writer: w, q: float64(l.Neuron.Format.Max()),
		unit: w.doubles("unit", unit, l.Shape), level: w.doubles("level", level, l.Shape),
	}
}

func (r *increment) fire(current string, t int) string {
	rho, span := float64(r.net.Rho), r.net.Span(t)
	before := r.emitted
	if t > 1 && rho > 1 {
		r.membrane = r.times("raised", r.membrane, rho)
		before = r.times("raisedemitted", before, rho)
	}
	r.membrane = r.plus("membrane", r.membrane, current)
	y := r.target(r.membrane, span)
	if before != "" {
		y = r.node("ahead", "Sub", []string{y, before})
	}
	y = r.clip("held", y, -r.q, r.q)
	if t < r.net.Steps {
		r.emitted = r.plus("emitted", before, y)
	}
	return y
}

// target returns the levels that a membrane stands for which sums up span inputs.
func (r *increment) target(membrane string, span float64) string {
	x := r.node("value", "Mul", []string{membrane, r.unit})
	if span > 1 {
		x = r.node("mean", "Div", []string{x, r.double(span)})
	}
	act := &r.layer.Neuron.Act
	y := r.times("sum", activations[act.Fn](r.writer, x, act), span)
	y = r.node("ratio", "Div", []string{y, r.level})
	y = r.node("half", "Add", []string{y, r.double(0.5)})
	return r.node("levels", "Floor", []string{y})
}

// times multiplies by a number.
func (w *writer) times(name, x string, factor float64) string {
	if factor == 1 {
		return x
	}
	return w.node(name, "Mul", []string{x, w.double(factor)})
}
