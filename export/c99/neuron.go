package c99

import (
	"fmt"
	"math/bits"

	"ann2snn/internal/facts"
	"ann2snn/snn"
)

// form is how neurons fire in C.
type form struct {
	rows int // integers that a neuron remembers between steps
	fire func(w *writer, l *layer)
}

// forms has the form of every rule of neurons; templates/neurons.c.tmpl has the functions
// that they call. A rule that is not here takes the form of its general rule; networks
// with others are refused.
var forms = map[facts.Rule]form{
	facts.Increment:        {2, (*writer).follow},
	facts.Quantise:         {2, (*writer).follow},
	facts.WaitingIncrement: {1, (*writer).lookUp},
	facts.Waiting:          {1, (*writer).wait},
	facts.Refine:           {2, (*writer).refine},
	facts.Signed:           {2, (*writer).takeBack},
	facts.Rate:             {1, (*writer).rate},
}

// once is the form of the only step of neurons of the rate rule.
var once = form{0, (*writer).once}

// formOf returns the form of a layer's neurons, nil if there is none.
func formOf(n *snn.Network, r facts.Rule) *form {
	if r == facts.Rate && n.Steps == 1 {
		return &once
	}
	for _, rule := range []facts.Rule{r, r.General()} {
		if f, ok := forms[rule]; ok {
			return &f
		}
	}
	return nil
}

// rows is how many integers a neuron of the layer remembers between steps.
func (l *layer) rows() int {
	if l.form == nil {
		return 0
	}
	return l.form.rows
}

// levelBits is the width of the number of levels that a neuron counts at a time.
func levelBits(n *snn.Network, neuron *snn.Neuron) int {
	if n.Waits() {
		return bits.Len(uint(n.Steps * neuron.Format.Max()))
	}
	return neuron.Format.Bits()
}

// integrate calls the function of an integrate-and-fire rule, whose levels are low or more;
// more are arguments in front of the step.
func (w *writer) integrate(function string, l *layer, low int, state, more string) {
	n := l.Neuron
	w.needs[function], w.needs["level"] = true, true
	w.line(4, "%s(levels, current%s, %s, %d, %d, %d%s);", function, state, w.thresholds(l), l.Shape.C, n.Format.Bits(), low, more)
}

func (w *writer) thresholds(l *layer) string {
	return w.table("int32_t", fmt.Sprintf("threshold%d", l.index), ints(l.Neuron.IntThreshold))
}

// lowest is the smallest level of neurons that take nothing back.
func lowest(n *snn.Neuron) int {
	if n.Signed {
		return -n.Format.Max()
	}
	return 0
}

func (w *writer) once(l *layer) { w.integrate("once", l, lowest(l.Neuron), "", "") }

func (w *writer) rate(l *layer) { w.integrate("rate", l, lowest(l.Neuron), ", state", ", t") }

func (w *writer) takeBack(l *layer) {
	w.integrate("take", l, -l.Neuron.Format.Max(), ", state", ", t")
}

func (w *writer) refine(l *layer) {
	free := ", 0, t"
	if l.Neuron.Signed {
		free = ", 1, t"
	}
	w.integrate("refine", l, -l.Neuron.Format.Max(), ", state", free)
}

// follow lets neurons follow a table of their activation.
func (w *writer) follow(l *layer) {
	w.needs["follow"] = true
	curves, breaks := w.curves(l)
	w.line(4, "follow(levels, current, state, %s, %s, %d, %d, t);", curves, breaks, l.Shape.C, l.Neuron.Format.Max())
}

// wait lets neurons gain the currents of all steps, round once and emit the levels.
func (w *writer) wait(l *layer) {
	n, theta := l.Neuron, w.thresholds(l)
	w.gain(l, theta)
	w.needs["round"], w.needs["level"] = true, true
	most := w.net.Steps * n.Format.Max()
	low := 0
	if n.Signed {
		low = -most
	}
	w.line(3, "round_all(state, %s, %d, %d, %d, %d);", theta, l.Shape.C, levelBits(w.net, n), low, most)
	w.emit(l)
}

// lookUp is wait for neurons that follow a table.
func (w *writer) lookUp(l *layer) {
	w.gain(l, "NULL")
	w.needs["lookup"] = true
	curves, breaks := w.curves(l)
	w.line(3, "lookup(state, %s, %s, %d);", curves, breaks, l.Shape.C)
	w.emit(l)
}

// gain ends the loop over the steps of the current.
func (w *writer) gain(l *layer, theta string) {
	w.needs["gain"] = true
	w.line(4, "gain(state, current, %s, %d, t);", theta, l.Shape.C)
	w.line(3, "}")
}

// emit begins the loop over the steps of the output.
func (w *writer) emit(l *layer) {
	w.line(3, "for (t = from; t < to; t++) {")
	w.line(4, "emit(levels, state, %d, %d);", l.Shape.C, l.Neuron.Format.Max())
}
