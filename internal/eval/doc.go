// Package eval compares a network with its spiking conversion, sample by sample.
//
// [Compare] runs three programs on the same samples: the ANN as imported, the spiking
// network, and the ANN with its activations quantised to the levels of one spike, which
// is what an ordinary integer accelerator would run and so the baseline that a spiking
// network has to be measured against. The outcome is a [Result], whose JSON form is the
// output of `ann2snn compare --json`.
//
// Everything but the times of [Time] depends only on the inputs: samples are spread
// over workers, but every sum over samples is taken in the order of the samples. Memory
// does not grow with the number of samples.
package eval
