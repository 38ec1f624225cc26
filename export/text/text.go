// Package text exports networks as a list of their layers for people to read.
package text

import (
	"bytes"
	"fmt"

	"ann2snn/export/target"
	"ann2snn/snn"
)

// Target is the target text.
var Target = &target.Target{
	Name:    "text",
	Summary: "a list of the layers, to read",
	Check: func(*snn.Network) []target.Loss {
		return []target.Loss{{What: "everything but names and shapes", Way: "another target"}}
	},
	Files: files,
}

func files(n *snn.Network, o target.Options) ([]target.File, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d steps, %v\n", n.Steps, n.Restim)
	for i := range n.Layers {
		l := &n.Layers[i]
		fmt.Fprintf(&b, "%d %s %q of %v: %d x %d x %d\n", i, l.Op.Kind(), l.Name, l.In, l.Shape.H, l.Shape.W, l.Shape.C)
	}
	return []target.File{{Name: o.Name + ".txt", Data: b.Bytes()}}, nil
}
