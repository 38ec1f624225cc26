package ann2snn_test

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"ann2snn"
	"ann2snn/convert"
	"ann2snn/internal/dataset"
	"ann2snn/internal/ort"
	"ann2snn/internal/pb"
	"ann2snn/internal/testutil"
	"ann2snn/preprocess"
)

// TestQuantisedModels: networks of quantised models, converted without samples, answer as ONNX
// Runtime's integer kernels do with the models, level by level of the output. Its sums of two maps
// are an exception: they add floats of the bytes, zero points and all, so that where a sum lies
// within about 1e-5 of the middle between two levels it may take the other one. Operator by
// operator, in float32, ONNX Runtime itself differs from that as often.
func TestQuantisedModels(t *testing.T) {
	if testing.Short() {
		t.Skip("runs ONNX Runtime for seconds")
	}
	testutil.ORT(t, ort.Node)
	const firstSum = "model/batch_normalization_2/FusedBatchNormV3:0" // what it reads
	tests := []struct {
		file, output string
		dims         []int64
		inputs       [][]float32
		others       float64 // share of outputs that may be another level
		most         int     // how far from the right one
	}{
		{"ic_resnet8_int8_qdq.onnx", "model/dense/BiasAdd:0", []int64{1, 32, 32, 3}, cifarPixels(t, 1000), 0.03, 2},
		{"ic_resnet8_int8_qdq.onnx", firstSum, []int64{1, 32, 32, 3}, cifarPixels(t, 50), 0, 0},
		{"kws_dscnn_int8_qdq.onnx", "StatefulPartitionedCall/functional_1/dense/BiasAdd:0", []int64{1, 490}, noise(490, -120, 120), 0, 0},
		{"ad_autoencoder_int8_qdq.onnx", "Identity", []int64{1, 640}, noise(640, -60, 10), 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.file+" "+tt.output, func(t *testing.T) {
			t.Parallel()
			path := endingAt(t, testutil.Data(t, "mlperf-tiny/"+tt.file), tt.output)
			m, err := ann2snn.Load(t.Context(), path, ann2snn.LoadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			n, r, err := m.Convert(t.Context(), nil, ann2snn.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Warnings) > 0 {
				t.Errorf("the numbers are not those of the model: %v", r.Warnings)
			}
			answers, err := ort.Run(t.Context(), ort.Node,
				ort.Job{File: path, Dims: tt.dims, Inputs: tt.inputs}, ort.Job{File: path, Dims: tt.dims, Inputs: tt.inputs, Plain: true})
			if err != nil {
				t.Fatal(err)
			}
			fused := differences(t, n, tt.inputs, answers[0])
			t.Logf("outputs by difference in levels: to integer kernels %v, to operators in float32 %v", fused, differences(t, n, tt.inputs, answers[1]))
			all, others := 0, 0
			for d, count := range fused {
				all += count
				if d != 0 {
					others += count
				}
				if d < -tt.most || d > tt.most {
					t.Errorf("%d outputs are %d levels from ONNX Runtime's", count, d)
				}
			}
			if float64(others) > tt.others*float64(all) {
				t.Errorf("%d of %d outputs are not ONNX Runtime's", others, all)
			}
		})
	}
}

// differences counts the outputs by how many levels they are above the answers.
func differences(t *testing.T, n *ann2snn.Network, inputs [][]float32, answers []ort.Answer) map[int]int {
	t.Helper()
	l := &n.SNN().Layers[n.SNN().Output]
	out, counts := make([]float32, n.Outputs()), map[int]int{}
	for i, in := range inputs {
		if err := n.Run(t.Context(), out, in); err != nil {
			t.Fatal(err)
		}
		for j, want := range answers[i][0] {
			counts[int(math.Round((float64(out[j])-want)/float64(l.Scale[0])))]++
		}
	}
	return counts
}

func cifarPixels(t *testing.T, limit int) [][]float32 {
	t.Helper()
	spec, err := preprocess.Preset("raw")
	if err != nil {
		t.Fatal(err)
	}
	set, err := dataset.Open(testutil.Data(t, "cifar10/test_batch.bin"), dataset.Options{Limit: limit, InputShape: []int{32, 32, 3}, Preprocess: spec})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = set.Close() }()
	var inputs [][]float32
	for i := range set.Len() {
		x := make([]float32, 32*32*3)
		if _, err := set.Sample(i, x); err != nil {
			t.Fatal(err)
		}
		inputs = append(inputs, x)
	}
	return inputs
}

// noise is 1000 samples.
func noise(size int, low, high float64) [][]float32 {
	random := rand.New(rand.NewPCG(1, 2))
	inputs := make([][]float32, 1000)
	for i := range inputs {
		for range size {
			inputs[i] = append(inputs[i], float32(low+random.Float64()*(high-low)))
		}
	}
	return inputs
}

// endingAt is a model with another value as its output, and without what that does not need.
func endingAt(t *testing.T, path, output string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m := new(pb.ModelProto)
	if err := proto.Unmarshal(b, m); err != nil {
		t.Fatal(err)
	}
	needed, nodes := map[string]bool{output: true}, m.Graph.Node
	for _, n := range slices.Backward(nodes) {
		if slices.ContainsFunc(n.Output, func(name string) bool { return needed[name] }) {
			for _, name := range n.Input {
				needed[name] = true
			}
		}
	}
	m.Graph.Node = slices.DeleteFunc(nodes, func(n *pb.NodeProto) bool { return !needed[n.Output[0]] })
	m.Graph.Output = []*pb.ValueInfoProto{{Name: &output, Type: m.Graph.Output[0].Type}}
	m.Graph.Output[0].Type.GetTensorType().Shape = nil
	file := filepath.Join(t.TempDir(), "model.onnx")
	if b, err = proto.Marshal(m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestQLinearModels: a quantised model as ONNX Runtime's optimiser rewrites it, with operators on
// integers, some of them its own, gives the network that the model itself gives.
func TestQLinearModels(t *testing.T) {
	if testing.Short() {
		t.Skip("runs ONNX Runtime")
	}
	testutil.ORT(t, ort.Node)
	for file, inputs := range map[string][][]float32{
		"ic_resnet8_int8_qdq.onnx":     cifarPixels(t, 40),
		"kws_dscnn_int8_qdq.onnx":      noise(490, -120, 120)[:40],
		"ad_autoencoder_int8_qdq.onnx": noise(640, -60, 10)[:40],
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			given := testutil.Data(t, "mlperf-tiny/"+file)
			optimised := filepath.Join(t.TempDir(), "optimised.onnx")
			if _, err := ort.Run(t.Context(), ort.Node, ort.Job{File: given, Dims: []int64{1}, Optimised: optimised}); err != nil {
				t.Fatal(err)
			}
			var networks []*ann2snn.Network
			for _, path := range []string{given, optimised} {
				m, err := ann2snn.Load(t.Context(), path, ann2snn.LoadOptions{})
				if err != nil {
					t.Fatal(err)
				}
				n, r, err := m.Convert(t.Context(), nil, ann2snn.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(r.Layers, func(l convert.LayerReport) bool { return l.OwnLevels }) || len(r.Warnings) > 0 {
					t.Errorf("%s keeps no levels: %v", path, r.Warnings)
				}
				networks = append(networks, n)
			}
			a, b := make([]float32, networks[0].Outputs()), make([]float32, networks[1].Outputs())
			for i, in := range inputs {
				if err := networks[0].Run(t.Context(), a, in); err != nil {
					t.Fatal(err)
				}
				if err := networks[1].Run(t.Context(), b, in); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(a, b) {
					t.Fatalf("sample %d: %v, as integers %v", i, a, b)
				}
			}
		})
	}
}
