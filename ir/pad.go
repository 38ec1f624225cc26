package ir

// PadMode is how Pad fills.
type PadMode uint8

// The modes of Pad.
const (
	PadConstant PadMode = iota
	PadReflect
	PadEdge
	PadWrap
)

// Pad adds elements at both ends of axes; negative pads cut. Inputs: x, pads (all
// begins, then all ends) int64, optional scalar value, optional axes [k] int64.
type Pad struct{ Mode PadMode }

// Kind implements Op.
func (Pad) Kind() string { return "Pad" }

// Infer implements Op.
func (Pad) Infer(in []Type) ([]Type, error) { return nil, errNotInferred }
