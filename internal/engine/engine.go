// Package engine holds what the engines behind package runtime share: the interface of
// their sessions, subnetworks, recordings, counts of spikes and operations, and sums of
// levels over the steps. The engines are internal/engine/spec, which is the specification,
// and internal/engine/u8, which runs integer networks on bytes.
package engine

import (
	"context"
	"errors"
	"strconv"

	"ann2snn/snn"
)

// Session runs samples on a network, or on a part of one.
type Session interface {
	// Load puts a sample in place.
	Load(sample []float32) error
	Run(ctx context.Context) error
	// Decode writes the value of a layer's output after steps 1 to t, in C, H, W order.
	Decode(dst []float32, layer, t int)
	// DecodeAt writes the value of a layer's output after all steps, at some pixels: a row of
	// channels for each.
	DecodeAt(dst []float32, layer int, pixels []int)
	// Count writes the counts of the last run, of a session that counts.
	Count(dst []Counts)
	// Play sets the output of a layer; it reports false where the recording is not of the
	// layer's kind.
	Play(layer int, r Recording) bool
	Record(layer int) Recording
	Close()
}

// Tracer is a session that holds the output of every layer in every step.
type Tracer interface {
	Session
	// Resume runs the layers from up to, not including, to.
	Resume(ctx context.Context, from, to int) error
	// Current writes the value of a layer's current after all steps, in C, H, W order.
	Current(dst []float32, layer int)
	// Levels writes the output of a layer in step t, in H, W, C order.
	Levels(dst []int32, layer, t int)
}

// Recording is the output of a layer in all steps of a run, in H, W, C order, step by step;
// a single step where all are alike.
type Recording struct {
	Levels []uint8 // of an integer network, where all levels fit into bytes: counted from the lowest
	Ints   []int32 // of an integer network, where they do not
	Floats []float32
}

// Fail returns an error of package runtime. fmt.Errorf would double the size of a small
// program.
func Fail(what string, cause error) error {
	if cause == nil {
		return errors.New("runtime: " + what)
	}
	return &failure{"runtime: " + what + ": " + cause.Error(), cause}
}

// Stopped returns the error of a run that its context ended at a layer.
func Stopped(l *snn.Layer, cause error) error {
	return Fail("stopped at layer "+strconv.Quote(l.Name), cause)
}

type failure struct {
	text  string
	cause error
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.cause }
