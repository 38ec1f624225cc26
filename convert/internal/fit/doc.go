// Package fit brings a spiking network nearer to the trained one, on samples without labels.
//
// There are two fits. [Bias] moves the biases of a network that is built, layer by layer, so
// that mean currents are those of the trained network. [Ridge] builds a network layer by
// layer: it fits the weights of each layer, and then its thresholds, to what the layer reads
// from the spiking layers before it, so that every layer corrects the errors of those.
//
// # How Ridge goes
//
// A run (fit.go) does the layers of the plan in their order. For each it
//
//   - observes the layer's inputs at some positions of all samples (observe.go; samples.go
//     chooses samples and positions), and what the trained network has there (target.go);
//   - fits weights and biases to that (weights.go sets up the problem of each group of
//     channels; regression.go and rectified.go try what there is, by solver.go, on the
//     equations of normal.go, which symmetric.go solves; products.go has the sums), and
//     prepares the rounding of integer weights (blocks.go, rounder.go);
//   - fits the gate, if the plan has one there (gate.go);
//   - builds the layer (package fill);
//   - chooses thresholds for the currents that the layer now has (thresholds.go), and where
//     outputs depend on the times of spikes, tries others with real spikes;
//   - records the layer's output for the layers that read it (recordings.go).
//
// # What to change where
//
// Another way to fit weights is a regression (regression.go) that problem.solve tries.
// Another choice of rounding is a fill.Rounder. Which samples are fitted on and which judge is
// decided by calibrate.Split and loaded by samples.go: those held back stand last.
// Several sweeps over the network need another order of calls of fitLayer: a layer can be
// fitted and built again, provided that the layers above it are built again, too, and that
// their recordings are dropped first.
//
// Results do not depend on the number of workers: work is divided by outputs or samples,
// and sums over samples are made in one order.
package fit
