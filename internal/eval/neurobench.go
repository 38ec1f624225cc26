package eval

import "ann2snn/snn"

const neuroBenchNote = "By NeuroBench's names and definitions, per sample: input that is not 0 or 1 makes multiply-accumulates of " +
	"operations, so that spikes of several bits count as Effective_MACs, spikes of one bit as Effective_ACs. Products with weights of " +
	"zero, which NeuroBench leaves out of both, are counted. Dense has every product in every step. Footprint is the bytes of weights and biases."

// NeuroBench is a comparison by the names of NeuroBench's metrics, which testdata/neurobench.json
// lists, of the spiking network.
type NeuroBench struct {
	Note                   string             `json:"note"`
	Footprint              int64              `json:"Footprint"`
	ParameterCount         int64              `json:"ParameterCount"`
	ConnectionSparsity     float64            `json:"ConnectionSparsity"`
	ActivationSparsity     float64            `json:"ActivationSparsity"`
	SynapticOperations     SynapticOperations `json:"SynapticOperations"`
	ClassificationAccuracy *float64           `json:"ClassificationAccuracy,omitempty"` // a fraction
	R2                     *float64           `json:"R2,omitempty"`                     // against labels that are values
}

// SynapticOperations are NeuroBench's, per sample.
type SynapticOperations struct {
	MACs  int64 `json:"Effective_MACs"`
	ACs   int64 `json:"Effective_ACs"`
	Dense int64 `json:"Dense"`
}

// neuroBench sums up what r says of n.
func neuroBench(n *snn.Network, r *Result) NeuroBench {
	b := NeuroBench{Note: neuroBenchNote, Footprint: WeightBytes(n), R2: r.SNN.TrueR2}
	if r.SNN.Top1 != nil {
		b.ClassificationAccuracy = new(float64(*r.SNN.Top1) / 100)
	}
	var weights, zeros int64
	for i := range n.Layers {
		w, _ := n.Layers[i].Weights()
		weights += int64(len(w.F) + len(w.Q))
		zeros += countZeros(w.F) + countZeros(w.Q)
		b.ParameterCount += int64(len(w.F) + len(w.Q) + len(w.Bias) + len(w.IntBias))
	}
	if weights > 0 {
		b.ConnectionSparsity = round6(float64(zeros) / float64(weights))
	}
	var neurons, silent float64
	several := false
	for _, l := range r.Layers {
		neurons += float64(l.Neurons)
		silent += float64(l.Neurons) * l.Zero
		several = several || l.Neurons > 0 && l.Bits > 1
	}
	if neurons > 0 {
		b.ActivationSparsity = round6(silent / neurons)
	}
	b.SynapticOperations = SynapticOperations{MACs: r.Ops.SNNMACs, ACs: r.Ops.SNNSOPs, Dense: r.Ops.ANNMACs * int64(n.Steps)}
	if several {
		b.SynapticOperations.MACs, b.SynapticOperations.ACs = r.Ops.SNNMACs+r.Ops.SNNSOPs, 0
	}
	return b
}

func countZeros[T float32 | int8](values []T) int64 {
	var n int64
	for _, v := range values {
		if v == 0 {
			n++
		}
	}
	return n
}
