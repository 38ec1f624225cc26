package snn

// HostFn names a host operator.
type HostFn uint8

// The host operators. Those of groups act on each group of the read-out that HostOp describes,
// the others on the whole read-out vector. They have numbers of their own, so that readers of
// the first files refuse what they would compute wrongly.
const (
	HostSoftmax HostFn = iota
	HostLogSoftmax
	HostSigmoid
	HostGroupSoftmax
	HostGroupLogSoftmax
)

var hostNames = [...]string{
	HostSoftmax: "softmax", HostLogSoftmax: "log-softmax", HostSigmoid: "sigmoid",
	HostGroupSoftmax: "softmax of groups", HostGroupLogSoftmax: "log-softmax of groups",
}

// String returns the name of a host operator.
func (f HostFn) String() string { return nameOf(hostNames[:], int(f)) }

// Known reports whether f is one of the operators.
func (f HostFn) Known() bool { return int(f) < len(hostNames) }

// Grouped reports whether f acts on groups.
func (f HostFn) Grouped() bool { return f == HostGroupSoftmax || f == HostGroupLogSoftmax }

// check returns what is wrong with a host operator on a read-out of n elements.
func (h *HostOp) check(n int) string {
	switch {
	case !h.Fn.Known():
		return "unknown host operator"
	case !h.Fn.Grouped() && (h.Group != 0 || h.Stride != 0):
		return "a group for a host operator on the whole read-out"
	case h.Fn.Grouped() && (h.Group < 1 || h.Stride < 1 || h.Group > n || h.Stride > n/h.Group || n%(h.Group*h.Stride) != 0):
		return "the read-out does not divide into groups for the host operator"
	}
	return ""
}
