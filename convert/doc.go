// Package convert turns a trained network into a multi-bit spiking one.
//
// Three calls make a conversion: [Sites] says what calibration has to measure,
// calibrate.Run measures it, and [Lower] converts with the result. [Classify] says what
// becomes of each node of a network, and why a node cannot be converted; it needs no data.
//
// Lower plans the network first: which layers it has, where neurons stand, and which value
// of the trained network each of them stands for. Then it fills the plan with numbers:
// thresholds from the calibration, and weights that have the level values of their inputs
// folded in. At last, as [Options] say, it fits biases or weights to the trained network on
// samples. The [Report] says what became of each layer.
//
// # The packages behind it
//
// Planning, filling and fitting are packages of their own below convert/internal: plan,
// fill and fit. Each one's comment says how it works and what the next one reads of it.
package convert
