package fit

import "ann2snn/calibrate"

// Options says what a network is fitted on. The face has checked them.
type Options struct {
	Source   calibrate.Source
	Samples  int    // at most so many, as far as memory allows
	Seed     uint64 // picks them; that of the calibration, so that both see the same
	Workers  int    // goroutines; 0 means one per core
	Progress func(done, total int)
}

// Result says what a fit did.
type Result struct {
	Samples int         // that were fitted on
	Notes   []string    // for the user, about single layers
	Shifts  [][]float64 // of biases, by layer and channel; nil where weights are fitted
}
