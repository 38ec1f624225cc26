package runtime

import (
	"ann2snn/internal/engine/u8"
	"ann2snn/internal/kernels/cpu"
)

// Option chooses among ways to the same answers, bit for bit: a network runs on any
// without one. Options concern integer networks only.
type Option func(*options)

// Choice says whether a way to compute is taken.
type Choice uint8

// The choices.
const (
	Auto   = Choice(u8.Auto)   // where a trial on this machine finds it faster
	Always = Choice(u8.Always) // wherever it applies
	Never  = Choice(u8.Never)
)

// options are what a plan is compiled with.
type options struct {
	kernels          string
	winograd, sparse Choice

	detached bool   // see CompileDetached
	read     func() // see CompileDetached
}

// UseKernels names the set of kernels that sessions run on: "go" runs on any processor, the
// others on some. Without a name, or with an empty one, a plan runs on the fastest set here,
// unless the command ann2snn was told to use another.
func UseKernels(name string) Option { return func(o *options) { o.kernels = name } }

// UseWinograd says whether convolutions take Winograd's method where it is exact.
func UseWinograd(c Choice) Option { return func(o *options) { o.winograd = c } }

// UseSparse says whether convolutions list the spikes of layers of which few are expected,
// as snn.Layer.Density says, and skip the rest.
func UseSparse(c Choice) Option { return func(o *options) { o.sparse = c } }

// optionsOf applies options to the defaults.
func optionsOf(list []Option) options {
	var o options
	for _, option := range list {
		option(&o)
	}
	return o
}

// set returns the set of kernels to use.
func (o *options) set() (*cpu.Set, error) {
	if o.kernels == "" {
		return cpu.Default(), nil
	}
	set, err := cpu.Find(o.kernels)
	if err != nil {
		return nil, fail("choosing kernels", err)
	}
	return set, nil
}
