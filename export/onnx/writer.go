package onnx

import (
	"fmt"
	"slices"
	"strconv"

	"ann2snn/export/target"
	"ann2snn/internal/facts"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/snn"
)

// exact is where float32 stops holding every integer.
const exact = int64(1) << 24

// writer turns a network into a graph.
type writer struct {
	*onnxfile.Graph
	net     *snn.Network
	facts   []facts.Facts // about the layers
	onBytes bool          // the QDQ form
	exact   int64         // what float32 has to stay below
	out     [][]*value    // of layers, by step; one where all are alike
	losses  []target.Loss
	ways    []way // by layer

	index     int        // of the layer at work
	layer     *snn.Layer // at work
	layerName string     // of constants
	scope     string     // of nodes: the layer and the step
	shared    map[string]string
}

// way is how a layer is computed, for the README.
type way struct {
	Layer string
	Bytes bool
	Why   string // not on bytes
}

// step computes what an operator makes of its inputs in a step. In biased steps it adds
// the biases.
type step func(in []*value, biased bool) *value

// neuron turns the current of step t (from 1) into levels. An empty current is zero.
type neuron interface {
	fire(current string, t int) string
}

// waiter is a neuron that gains the currents of all steps before it fires in step 1; fire
// does not look at a current then.
type waiter interface {
	neuron
	gain(current string)
}

// write writes a verified network without fatal losses.
func write(net *snn.Network, name string, onBytes bool, exact int64) (*writer, error) {
	about, err := facts.Proven(net)
	if err != nil {
		return nil, err
	}
	w := &writer{
		Graph: onnxfile.New(name), net: net, facts: about.Facts, onBytes: onBytes, exact: exact,
		out: make([][]*value, len(net.Layers)), shared: map[string]string{},
	}
	for i := range net.Layers {
		w.index, w.layer, w.layerName = i, &net.Layers[i], net.Layers[i].Name
		w.write(i)
	}
	w.layerName = "readout"
	w.readout()
	return w, nil
}

// write writes all steps of a layer.
func (w *writer) write(i int) {
	if w.onBytes && w.fused(i) {
		return
	}
	w.at(1)
	operate := w.operator()
	if w.layer.Neuron == nil {
		for t := 1; t <= w.steps(i); t++ {
			w.at(t)
			w.out[i] = append(w.out[i], w.operate(operate, t))
		}
		return
	}
	w.spike(i, operate)
}

// spike writes all steps of a layer with neurons.
func (w *writer) spike(i int, operate step) {
	neuron, wide := formOf(w.facts[i].Rule)(w), w.wideMembrane()
	fire := func(current string, t int) {
		made := w.made
		if wide {
			made = w.madeWide
		}
		w.out[i] = append(w.out[i], made(neuron.fire(current, t)))
	}
	waiting, waits := neuron.(waiter)
	current := ""
	for t := 1; t <= w.net.Steps; t++ {
		w.at(t)
		switch {
		case t == 1 || !w.facts[i].Steady:
			current = w.carried(w.operate(operate, t), wide)
		case w.net.Refines():
			current = ""
		}
		if waits {
			waiting.gain(current)
			continue
		}
		fire(current, t)
	}
	for t := 1; waits && t <= w.net.Steps; t++ {
		w.at(t)
		fire("", t)
	}
}

// at begins a step of the layer at work.
func (w *writer) at(t int) {
	w.scope = w.layerName
	if w.net.Steps > 1 {
		w.scope += "/" + strconv.Itoa(t)
	}
}

// steps returns how many steps of a layer are written.
func (w *writer) steps(i int) int {
	if w.facts[i].Constant {
		return 1
	}
	return w.net.Steps
}

// operate applies an operator to the outputs of the layer's inputs in step t.
func (w *writer) operate(operate step, t int) *value {
	in := make([]*value, len(w.layer.In))
	for k, from := range w.layer.In {
		in[k] = w.output(from, t)
	}
	return operate(in, t == 1 || !w.net.Refines())
}

// output returns the output of layer i in step t.
func (w *writer) output(i, t int) *value {
	switch {
	case !w.facts[i].Constant:
		return w.out[i][t-1]
	case t > 1 && w.net.Refines():
		return nil
	}
	return w.out[i][0]
}

// operator is the table of operators; Check has seen that there are no others.
func (w *writer) operator() step {
	switch op := w.layer.Op.(type) {
	case snn.Conv:
		return w.conv(&op)
	case snn.Dense:
		return w.dense(&op)
	case snn.Sum:
		return w.sum(&op)
	case snn.Product:
		return w.product(&op)
	case snn.SumPool:
		return w.sumPool(&op)
	case snn.MaxPool:
		return w.maxPool(&op)
	case snn.Concat:
		return w.concat
	case snn.Gather:
		return w.gather(&op)
	case snn.Input:
		return w.input(&op)
	}
	return nil
}

// made is a value of the layer at work that has been written as float32; an empty name
// stands for zero.
func (w *writer) made(float string) *value {
	if float == "" {
		return nil
	}
	f := &w.facts[w.index]
	return &value{shape: w.layer.Shape, low: f.Low, high: f.High, float: float}
}

// madeWide is made for float64.
func (w *writer) madeWide(double string) *value {
	v := w.made(double)
	if v != nil {
		v.wide, v.float = double, ""
	}
	return v
}

// lose notes a loss of the layer at work, once.
func (w *writer) lose(what, way string) {
	l := target.Loss{Layer: w.layer.Name, What: what, Way: way}
	if !slices.Contains(w.losses, l) {
		w.losses = append(w.losses, l)
	}
}

// scalar returns a constant of float32.
func (w *writer) scalar(x float32) string {
	name := strconv.FormatFloat(float64(x), 'g', -1, 32)
	return w.share(onnxfile.Floats("float/"+name, []float32{x}))
}

// double returns a constant of float64.
func (w *writer) double(x float64) string {
	name := strconv.FormatFloat(x, 'g', -1, 64)
	return w.share(onnxfile.Doubles("double/"+name, []float64{x}))
}

func (w *writer) byteScalar(x byte) string {
	return w.share(onnxfile.Bytes("byte/"+strconv.Itoa(int(x)), []byte{x}))
}

// dims returns a constant shape.
func (w *writer) dims(dims []int64) string {
	return w.share(onnxfile.Int64s(fmt.Sprint("shape/", dims), dims, int64(len(dims))))
}

// share adds a constant unless it is there already; its name says what it is.
func (w *writer) share(t *pb.TensorProto) string {
	key := t.GetName()
	if _, ok := w.shared[key]; !ok {
		w.shared[key] = w.Constant(t)
	}
	return w.shared[key]
}
