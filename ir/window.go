package ir

// Window is the sliding-window geometry that convolutions and pools share, per
// spatial axis. Empty Strides and Dilations mean 1, empty Pads 0.
type Window struct {
	Strides   []int
	Dilations []int
	Pads      []int   // begin of every axis, then end of every axis, as in ONNX
	AutoPad   AutoPad // overrides Pads until ir/passes makes the padding explicit
	Ceil      bool    // round the output length up (pools only)
}

// AutoPad is ONNX's auto_pad attribute.
type AutoPad uint8

// The values of auto_pad; Explicit is NOTSET.
const (
	Explicit AutoPad = iota
	SameUpper
	SameLower
	Valid
)
