// Package c99 exports integer networks as freestanding C99: a header, a source, constant
// tables, a self-test, a Makefile and a README that says how to use them. The C neither
// allocates nor computes in floating point, and gives the integers of package runtime.
package c99

import (
	"context"

	"ann2snn/export/target"
	"ann2snn/snn"
)

// Target is the target c.
var Target = &target.Target{
	Name:    "c",
	Summary: "freestanding C99 for microcontrollers: integers only, no allocation, bytes of a picture in, scores out",
	Sized:   true,
	Check:   check,
	Files:   files,
	Run:     run,
}

func files(n *snn.Network, o target.Options) ([]target.File, error) {
	m, err := newModule(n, o)
	if err != nil {
		return nil, err
	}
	v, err := m.view(context.Background())
	if err != nil {
		return nil, err
	}
	if err := v.fits(o); err != nil {
		return nil, err
	}
	return v.files()
}
