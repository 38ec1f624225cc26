// Package tune trains a spiking network, once it is converted, to answer as the trained network
// does. It needs samples, but no labels: the trained network is the teacher.
//
// What is trained are the weights and biases of all layers and the thresholds of all neurons,
// at once, by the gradients of package grad, to the squared error of the output (knowledge
// distillation, Hinton et al., arXiv 1503.02531, on logits). The rate follows from how far the
// network is from its teacher, see rateOf. Samples held back judge: the best parameters met on
// the way are kept, a training that ends no better than it began is begun again with a third
// of the rate, and the network stays as it was where nothing helps.
//
// The closed-form fit of package fit comes first: training starts from its result.
package tune
