package fill

import (
	"ann2snn/calibrate"
	"ann2snn/snn"
)

// Options says what kind of spiking network a plan becomes. Package convert has checked them.
type Options struct {
	Format snn.Format // of the spikes; the zero Format makes analog neurons
	Steps  int
	Restim snn.Restim
	Rho    int // 1 except for RestimRefine

	// LargestWeight is the largest magnitude of a weight of an integer network; 0 makes a
	// float network.
	LargestWeight int

	// OwnLevels keeps the levels of a quantised model, whose plan is Quantised, in one step.
	OwnLevels bool

	Method     calibrate.Method
	PerChannel bool
	LayerBits  map[string]int // bits of the spikes, by the name of the node, of the activation behind it, or of its value
	Labels     []string       // class names
	Workers    int            // goroutines; 0 means one per core
}

// Analog reports whether neurons round nothing.
func (o *Options) Analog() bool { return o.Format == snn.Format{} }
