package ir

import (
	"fmt"
	"slices"
)

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

// Resolve fills w in for windows of kernel lengths over axes of lengths in and returns
// the number of windows along each axis: Strides, Dilations and Pads get one entry per
// axis (two for Pads) and AutoPad becomes Explicit. An unknown length (-1) gives an
// unknown output length; then padding by SameUpper and SameLower stays unresolved.
func (w Window) Resolve(kernel, in []int) (Window, []int, error) {
	r, err := w.filled(kernel)
	if err != nil {
		return w, nil, err
	}
	if len(in) != len(kernel) {
		return w, nil, fmt.Errorf("a window of %v does not suit %d spatial axes", kernel, len(in))
	}
	out := make([]int, len(in))
	for i, n := range in {
		if n < 0 {
			out[i] = -1
			continue
		}
		if out[i], err = r.resolveAxis(i, kernel[i], n); err != nil {
			return w, nil, fmt.Errorf("spatial axis %d: %w", i, err)
		}
	}
	if !slices.Contains(in, -1) || w.AutoPad == Valid {
		r.AutoPad = Explicit
	}
	return r, out, nil
}

// filled returns w with default values filled in, checked against the bounds that keep
// the arithmetic of resolveAxis from overflowing.
func (w Window) filled(kernel []int) (Window, error) {
	n := len(kernel)
	w.Strides = orRepeat(w.Strides, 1, n)
	w.Dilations = orRepeat(w.Dilations, 1, n)
	w.Pads = orRepeat(w.Pads, 0, 2*n)
	if w.AutoPad != Explicit {
		w.Pads = make([]int, 2*n)
	}
	if !validEnum(w.AutoPad) {
		return w, fmt.Errorf("unknown padding rule %v", w.AutoPad)
	}
	for _, l := range []struct {
		what       string
		got        []int
		want, from int
	}{
		{"kernel lengths", kernel, n, 1},
		{"strides", w.Strides, n, 1},
		{"dilations", w.Dilations, n, 1},
		{"pads", w.Pads, 2 * n, 0},
	} {
		if len(l.got) != l.want {
			return w, fmt.Errorf("%s %v, want %d", l.what, l.got, l.want)
		}
		if n > 0 && (slices.Min(l.got) < l.from || slices.Max(l.got) > MaxElems) {
			return w, fmt.Errorf("%s %v are out of range", l.what, l.got)
		}
	}
	return w, nil
}

// orRepeat returns a copy of list, or n times v where it is empty.
func orRepeat(list []int, v, n int) []int {
	if len(list) == 0 {
		return slices.Repeat([]int{v}, n)
	}
	return slices.Clone(list)
}

// resolveAxis makes the padding of axis i explicit and returns the output length.
func (w *Window) resolveAxis(i, kernel, in int) (int, error) {
	stride, reach := w.Strides[i], extent(kernel, w.Dilations[i])
	begin, end := &w.Pads[i], &w.Pads[len(w.Strides)+i]
	if w.AutoPad == SameUpper || w.AutoPad == SameLower {
		out := ceilDiv(in, stride)
		total := max(0, (out-1)*stride+reach-in)
		*begin, *end = total/2, total-total/2
		if w.AutoPad == SameLower {
			*begin, *end = *end, *begin
		}
		return out, nil
	}
	room := in + *begin + *end - reach
	if room < 0 {
		return 0, fmt.Errorf("a window that reaches over %d elements does not fit %d padded by %d and %d", reach, in, *begin, *end)
	}
	if !w.Ceil {
		return room/stride + 1, nil
	}
	out := ceilDiv(room, stride) + 1
	if (out-1)*stride >= in+*begin { // a window must not start in the end padding
		out--
	}
	return out, nil
}

// extent is the number of elements from the first to the last that a window touches.
func extent(kernel, dilation int) int { return (kernel-1)*dilation + 1 }
