package nir

import (
	"fmt"

	"ann2snn/export/target"
	"ann2snn/snn"
)

// maxWhole bounds the integers that float32 carries together with a half. Readers of
// NIR compute with float32.
const maxWhole = 1 << 23

// check lists what is lost. A network with a ladder loses nothing.
func check(n *snn.Network) []target.Loss {
	if g := sketch(n, &ifs); g.fatal() {
		return g.losses
	}
	losses := tooWide(n)
	kinds := encodings(n)
	if kinds[len(kinds)-1].name == ladder.name {
		return losses
	}
	for i := range n.Layers {
		l := &n.Layers[i]
		if l.Neuron == nil {
			continue
		}
		what, way := "there is no exact file, which would have too many nodes", "a smaller network, or a reader that heeds the metadata of IF nodes"
		if bits := l.Neuron.Format.Bits(); bits > ladderBits {
			what = fmt.Sprintf("spikes of %d bits: an IF node of NIR fires one level, from 0, and resets to 0", bits)
			way = "spikes of at most 4 bits, or a reader that heeds the metadata of IF nodes"
		}
		losses = append(losses, target.Loss{Layer: l.Name, What: what, Way: way})
	}
	return losses
}

// tooWide lists the layers whose integers may be too large for readers.
func tooWide(n *snn.Network) []target.Loss {
	ranges, err := n.Ranges()
	if err != nil {
		return []target.Loss{{What: err.Error(), Way: "fewer bits or steps", Fatal: true}}
	}
	var losses []target.Loss
	for i, r := range ranges {
		if r.Membrane >= maxWhole {
			losses = append(losses, target.Loss{
				Layer: n.Layers[i].Name,
				What:  fmt.Sprintf("integers of up to %d, which float32 may round", r.Membrane),
				Way:   "fewer bits or steps, or a reader that computes with float64",
			})
		}
	}
	return losses
}
