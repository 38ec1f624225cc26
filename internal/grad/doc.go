// Package grad differentiates spiking networks by their parameters, so that they can be
// trained: weights, biases and thresholds of every neuron.
//
// [New] takes a network apart into values of the trained network's own units: the values of
// levels, which [snn.Network] folds into weights, are taken out again, so that a threshold can
// change without the weights behind it. A [Session] computes what the spiking network answers
// (thresholds, ranges of levels and time steps as they are; weights are not rounded) and
// the gradient of a loss by all parameters.
//
// # Gradients
//
// Spikes are steps, whose derivative is zero. As in the literature on quantisation the
// derivative of rounding is taken for 1 where a value is within the range of its levels, and
// for 0 outside: the straight-through estimator (Bengio et al., arXiv 1308.3432). The
// derivative by the logarithm of a threshold is o - y within the range and o outside, for
// an output o that stands for y (Esser et al., "Learned step size quantization", arXiv
// 1902.08153). Over several time steps gradients flow through the totals of all steps, so
// that the way back costs as much as that of one step.
//
// # Order
//
// Sums are in a stated order, and a session does one sample at a time. Who spreads samples over
// a fixed number of sessions and adds up their gradients in order gets the same bits for
// every number of goroutines.
package grad
