// Package target defines what an export target provides, for packages that add one and
// for programs that choose one from export.Targets.
package target

import (
	"context"

	"ann2snn/runtime"
	"ann2snn/snn"
)

// File is one file of an export.
type File struct {
	Name string // relative to the export's folder, with slashes
	Data []byte
}

// Loss is something that a target cannot express, or not exactly.
type Loss struct {
	Layer string `json:"layer"` // the ONNX node's name; empty where it concerns the whole network
	What  string `json:"what"`  // what is lost
	Way   string `json:"way"`   // a way out
	Fatal bool   `json:"fatal"` // the network cannot be exported at all
}

// Options are what a user may choose.
type Options struct {
	// Name of the exported network, an identifier of C: file names and identifiers begin
	// with it.
	Name string
	// Samples are inputs, as the network takes them, from which a target makes vectors
	// for its self-test.
	Samples [][]float32
	// MaxFlash and MaxRAM are the bytes that a machine has for the network's constants and
	// code, and for its working memory; 0 is any number. Only targets that are Sized heed them.
	MaxFlash, MaxRAM int
}

// Job is an export to be run.
type Job struct {
	Net     *snn.Network
	Dir     string // the export's folder, which stays as it is
	Options Options
	Inputs  [][]float32 // as the network takes them
	// Name names an input in errors; without it, errors have its index.
	Name func(input int) string

	// See is called with the output of a layer in a step (from 1), in H, W, C order and in
	// levels or units, by targets that report it; an error ends the run.
	See func(input, layer, step int, levels []int32) error
}

// Target writes networks in one form.
type Target struct {
	Name    string // as --target takes it
	Summary string // one line for --list-targets
	Sized   bool   // heeds Options.MaxFlash and MaxRAM

	// Check lists what the target cannot express exactly; nothing if the exported network
	// answers as runtime does.
	Check func(net *snn.Network) []Loss

	// Files returns the export. The network is verified, its Ranges are proven, and Check
	// found nothing fatal.
	Files func(net *snn.Network, o Options) ([]File, error)

	// Run runs an export by a consumer installed on this machine and returns the Total of
	// each input. It is nil for a target without a consumer, and returns an error that
	// wraps ErrNoConsumer where none is installed.
	Run func(ctx context.Context, j *Job) ([][]float64, error)
}

// Total is what export.Verify compares, of the last run of a session that traces: the
// output of all steps before the host's operators, in C, H, W order, as the sum over the
// steps t of Rho^(Steps-t) times the levels or units of the output layer.
func Total(n *snn.Network, s *runtime.Session) ([]float64, error) {
	shape := n.Layers[n.Output].Shape
	total := make([]float64, shape.Len())
	for t := 1; t <= n.Steps; t++ {
		levels, err := s.Levels(n.Output, t)
		if err != nil {
			return nil, err
		}
		for i, k := range levels {
			at := shape.ChannelsFirst(i)
			total[at] = float64(n.Rho)*total[at] + float64(k)
		}
	}
	return total, nil
}
