package snn

// HostFn names a host operator.
type HostFn uint8

// The host operators; each acts on the whole read-out vector.
const (
	HostSoftmax HostFn = iota
	HostLogSoftmax
	HostSigmoid
)

var hostNames = [...]string{HostSoftmax: "softmax", HostLogSoftmax: "log-softmax", HostSigmoid: "sigmoid"}

// String returns the name of a host operator.
func (f HostFn) String() string { return nameOf(hostNames[:], int(f)) }

// Known reports whether f is one of the operators.
func (f HostFn) Known() bool { return int(f) < len(hostNames) }
