// Package target says what an export target is. Each target is a package of its own;
// package export lists them.
package target

import (
	"context"

	"ann2snn/snn"
)

// File is one file of an export.
type File struct {
	Name string // relative to the export's folder
	Data []byte
}

// Loss is something that a target cannot express, or not exactly.
type Loss struct {
	Layer string // the ONNX node's name; empty where it concerns the whole network
	What  string // what is lost
	Way   string // a way out
	Fatal bool   // the network cannot be exported at all
}

// Options are what a user may choose.
type Options struct {
	Name    string // of the exported network: file names and identifiers begin with it
	Samples [][]float32
	// Samples are inputs, as the network takes them, from which a target makes vectors
	// for its self-test.
}

// Target writes networks in one form.
type Target struct {
	Name    string // as --target takes it
	Summary string // one line for --list-targets

	// Check lists what the target cannot express exactly; nothing if the exported network
	// answers as runtime does.
	Check func(net *snn.Network) []Loss

	// Files returns the export. The network is verified and Check found nothing fatal.
	Files func(net *snn.Network, o Options) ([]File, error)

	// Run runs the export in dir by a consumer installed on this machine on inputs as the
	// network takes them and returns the outputs in levels or units, before the host's
	// operators. It is nil for a target without a consumer, and returns an error that
	// wraps ErrNoConsumer where none is installed.
	Run func(ctx context.Context, dir string, o Options, inputs [][]float32) ([][]float32, error)
}
