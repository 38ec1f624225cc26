package ann2snn

import (
	"errors"
	"fmt"

	"ann2snn/convert"
	"ann2snn/importer"
)

// Errors to test for with errors.Is.
var (
	// ErrOtherModel: a profile was made from another model.
	ErrOtherModel = errors.New("made from another model")
	// ErrInputShape: a model has no single input of known shape.
	ErrInputShape = errors.New("no single input of known shape")
	// ErrFaults: parameters of a model are NaN, infinite or negative variances.
	ErrFaults = errors.New("parameters with which nothing can be computed")
	// ErrNoClasses: a network's output is not one score for each of several classes.
	ErrNoClasses = errors.New("the output is not one score per class")
	// ErrOutput: a model has no output of the name that was asked for.
	ErrOutput = errors.New("no such output")
	// ErrNoPictures: a network was converted without saying how it sees pictures.
	ErrNoPictures = errors.New("the network does not say how it sees pictures")
)

// failure is one of the errors above, with what is wrong in this case.
type failure struct {
	kind error
	text string
}

func (f *failure) Error() string { return f.text }
func (f *failure) Unwrap() error { return f.kind }

func failf(kind error, format string, args ...any) error {
	return &failure{kind, "ann2snn: " + fmt.Sprintf(format, args...)}
}

// UnsupportedError lists the nodes of a model that cannot be read or converted.
type UnsupportedError struct {
	Nodes []UnsupportedNode
	err   error
}

// UnsupportedNode is a node that cannot be read or converted.
type UnsupportedNode struct {
	Name   string // in the ONNX file; the node's first output where it has no name
	Op     string // its operator
	Reason string
}

// Error lists the nodes, one a line.
func (e *UnsupportedError) Error() string { return e.err.Error() }

// Unwrap returns the error of package importer or convert.
func (e *UnsupportedError) Unwrap() error { return e.err }

// unsupported makes an UnsupportedError of those of other packages, and leaves other
// errors alone.
func unsupported(err error) error {
	var nodes []UnsupportedNode
	var reading *importer.UnsupportedError
	var converting *convert.UnsupportedError
	switch {
	case errors.As(err, &reading):
		for _, n := range reading.Nodes {
			op := n.Op
			if n.Domain != "" {
				op = n.Domain + "." + op
			}
			nodes = append(nodes, UnsupportedNode{n.Name, op, n.Reason})
		}
	case errors.As(err, &converting):
		for _, n := range converting.Nodes {
			nodes = append(nodes, UnsupportedNode{n.Name, n.Op, n.Reason})
		}
	default:
		return err
	}
	return &UnsupportedError{nodes, err}
}

// SampleError is a sample that could not be read.
type SampleError struct {
	Index int // of the sample
	Err   error
}

// Error is that of the sample.
func (e *SampleError) Error() string { return e.Err.Error() }

// Unwrap returns the sample's error.
func (e *SampleError) Unwrap() error { return e.Err }

// OptionError is a field of [Options] that is out of range or contradicts another.
type OptionError struct {
	Option  string // the field
	Problem string
}

// Error names the field.
func (e *OptionError) Error() string { return "ann2snn: option " + e.Option + ": " + e.Problem }
