package eval

import (
	"ann2snn/ir"
	"ann2snn/snn"
)

const trafficNote = "Bytes moved for one sample without caches, an estimate: the ANN reads each float32 weight once and " +
	"writes and reads each activation that the SNN spikes once; the SNN reads each weight once per step (float32 or int8, as it is), reads and " +
	"writes a 32-bit membrane in every update, and writes and reads each spike's bits once, without addresses."

// Traffic estimates the bytes that one sample moves.
type Traffic struct {
	Note           string `json:"note"`
	ANNWeights     int64  `json:"ann_weights"`
	ANNActivations int64  `json:"ann_activations"`
	SNNWeights     int64  `json:"snn_weights"`
	SNNMembranes   int64  `json:"snn_membranes"`
	SNNEvents      int64  `json:"snn_events"`
}

func estimateTraffic(g *ir.Graph, n *snn.Network, layers []Layer) Traffic {
	t := Traffic{Note: trafficNote, ANNWeights: 4 * GraphWeights(g), SNNWeights: int64(n.Steps) * WeightBytes(n)}
	for _, l := range layers {
		t.ANNActivations += 2 * 4 * l.Neurons
		t.SNNMembranes += 2 * 4 * l.Neurons * int64(n.Steps)
		t.SNNEvents += 2 * l.Spikes * int64(l.Bits) / 8
	}
	return t
}

// WeightBytes is the size of a network's weights and biases.
func WeightBytes(n *snn.Network) int64 {
	var all int64
	for i := range n.Layers {
		all += weightBytes(&n.Layers[i])
	}
	return all
}

// weightBytes is the size of a layer's weights and biases.
func weightBytes(l *snn.Layer) int64 {
	w, _ := l.Weights()
	return 4*int64(len(w.F)+len(w.Bias)+len(w.IntBias)) + int64(len(w.Q))
}
