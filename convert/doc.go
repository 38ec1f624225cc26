// Package convert turns a trained network into a multi-bit spiking one.
//
// Conversion is planned first and carried out second. The plan says which layers the
// spiking network has, where neurons stand and which value of the trained network each
// of them stands for; it needs no data. [Sites] reads it to tell the calibration what
// to measure, [Classify] to tell the user what became of each node, and [Lower] fills
// it with numbers: thresholds from a calibrate.Profile, weights that have the value of
// their inputs' levels folded in, and biases corrected on the spiking network's own
// inputs.
//
// Every weighted layer sees spikes. Where the trained network hands a weighted layer a
// value that no activation made, a signed neuron with the identity as activation is put
// on the layer that produces it; only the analog input is exempt.
package convert
