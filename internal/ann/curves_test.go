package ann_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"ann2snn/internal/ann"
	"ann2snn/internal/ort"
	"ann2snn/internal/pb"
	"ann2snn/internal/testutil"
)

// TestCurvesAgainstONNXRuntime compares functions of one number on both of their tails.
func TestCurvesAgainstONNXRuntime(t *testing.T) {
	testutil.ORT(t, ort.Node)
	dims := []int64{1, 257}
	cases := []nodeCase{
		{op: "Abs", opset: 13},
		{op: "Celu", opset: 12, attributes: []*pb.AttributeProto{float("alpha", 0.75)}},
		{op: "Elu", opset: 6, attributes: []*pb.AttributeProto{float("alpha", 0.75)}},
		{op: "Erf", opset: 13},
		{op: "Gelu", opset: 20},
		{op: "Gelu", opset: 20, attributes: []*pb.AttributeProto{text("approximate", "tanh")}},
		{op: "HardSigmoid", opset: 6},
		{op: "HardSwish", opset: 14},
		{op: "Mish", opset: 18},
		{op: "Selu", opset: 6},
		{op: "Softplus", opset: 1},
		{op: "Softsign", opset: 1},
		{op: "ThresholdedRelu", opset: 10, attributes: []*pb.AttributeProto{float("alpha", 0.3)}},
	}
	r := rand.New(rand.NewPCG(1, 2))
	jobs, programs := make([]ort.Job, len(cases)), make([]*ann.Program, len(cases))
	for i := range cases {
		cases[i].dims = dims
		cases[i].opset = max(cases[i].opset, 7)
		jobs[i], programs[i] = cases[i].prepare(t, r, i)
		for k := range jobs[i].Inputs[0] {
			jobs[i].Inputs[0][k] = float32(k-128) / 8 // -16 to 16
		}
	}
	answers, err := ort.Run(t.Context(), ort.Node, jobs...)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range programs {
		t.Run(fmt.Sprint(cases[i].op, i), func(t *testing.T) {
			got, err := p.Run(t.Context(), jobs[i].Inputs[0], nil)
			if err != nil {
				t.Fatal(err)
			}
			compareAnswers(t, cases[i], answers[i][0][0], got)
		})
	}
}
