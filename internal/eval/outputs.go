package eval

import (
	"encoding/json"
	"strings"

	"ann2snn/ir"
	"ann2snn/snn"
)

// Outputs says which of a model's several outputs a network computes. Both fields are empty
// where the model has one output.
type Outputs struct {
	Output  string   `json:"output,omitempty"`
	LeftOut []string `json:"left_out,omitempty"` // the others
}

// OutputsOf reads from a network's record which output it computes.
func OutputsOf(n *snn.Network) (o Outputs) {
	if json.Unmarshal(n.Meta.Record, &o) != nil || len(o.LeftOut) == 0 {
		return Outputs{}
	}
	return o
}

// GraphOutputs is OutputsOf for a model.
func GraphOutputs(g *ir.Graph) Outputs {
	if len(g.LeftOut) == 0 {
		return Outputs{}
	}
	return Outputs{g.Value(g.Outputs[0]).Name, g.LeftOut}
}

// OutputsNote says it in words, and is empty where there is nothing to say.
func OutputsNote(o Outputs) string {
	if len(o.LeftOut) == 0 {
		return ""
	}
	return "of the model's outputs " + o.Output + " is taken; left out: " + strings.Join(o.LeftOut, ", ")
}
