package importer

import "ann2snn/ir"

var autoPads = map[string]ir.AutoPad{
	"NOTSET":     ir.Explicit,
	"SAME_LOWER": ir.SameLower,
	"SAME_UPPER": ir.SameUpper,
	"VALID":      ir.Valid,
}

// window reads the geometry of a convolution or a pool over axes spatial axes, -1 where
// their number is unknown. Attributes that only some of them have are not read.
func (n *node) window(axes int) ir.Window {
	w := ir.Window{
		Strides: n.perAxis("strides", axes, 1),
		Pads:    n.perAxis("pads", 2*axes, 0),
		AutoPad: choice(n, "auto_pad", "NOTSET", autoPads),
	}
	if w.AutoPad != ir.Explicit {
		w.Pads = nil
	}
	return w
}

// dilations reads the distance of a window's elements.
func (n *node) dilations(axes int) []int { return n.perAxis("dilations", axes, 1) }

// perAxis reads INTS of at least least. There must be none or as many as
// want says, which may be negative for any number.
func (n *node) perAxis(name string, want, least int) []int {
	list := n.ints(name, least, ir.MaxElems)
	if want >= 0 && len(list) > 0 && len(list) != want {
		n.failf("attribute %s is %d, want %d elements", name, list, want)
	}
	return list
}

// kernelShape reads the lengths of a window, nil where they are not given.
func (n *node) kernelShape() []int { return n.ints("kernel_shape", 1, ir.MaxElems) }

// poolKernel reads the lengths of a pool's window, which must be given.
func (n *node) poolKernel() []int {
	n.required("kernel_shape")
	kernel := n.kernelShape()
	if len(kernel) == 0 {
		n.failf("attribute kernel_shape is empty")
	}
	return kernel
}
