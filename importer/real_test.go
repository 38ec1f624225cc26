package importer

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"os"
	"testing"

	"ann2snn/internal/testutil"
	"ann2snn/ir"
)

// TestRealModels compares trained models with what testdata/digest.py says of them,
// which reads them with the onnx package for Python.
func TestRealModels(t *testing.T) {
	tests := []struct {
		file             string
		nodes, constants int // Constant nodes are constants only
		digest           string
		input            string
		first, last      string
		opset            int
		producer         string
	}{
		{"cifar10_resnet20_bn.onnx", 105, 140, "e8579c674284d2aecc8435c5de4be1da236f55a0a92496e8318c16f5e4493a34", "input float32[N,3,32,32]", "/conv1/Conv", "/linear/Gemm", 13, "pytorch 1.13.0"},
		{"cifar10_resnet20_folded.onnx", 75, 78, "09c5231640e083d2f2bfa876e25bac69e5ac0789997e42256077b7de790fd500", "input float32[N,3,32,32]", "/conv1/Conv", "/linear/Gemm", 13, "pytorch 1.13.0"},
		{"imagenet_squeezenet1.1.onnx", 65, 52, "ea6a4a27e1033d8adb1425b3e1452cf97e5523ed060c553b609adcf946261697", "input float32[N,3,224,224]", "/features/features.0/Conv", "/Flatten", 13, "pytorch 1.13.0"},
		{"mnist_cnn_baskov.onnx", 10, 9, "3c7b52e087c401f10abfe6943704638013a7ace2752d1f2ebff66fb8c160cc1c", "input float32[batch_size,1,28,28]", "/conv1/Conv", "/fc2/Gemm", 11, "pytorch 2.5.0"},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			path := testutil.Data(t, "models/"+test.file)
			g, err := Load(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := g.Verify(); err != nil {
				t.Error(err)
			}
			constants, digest := digestConstants(g)
			if constants != test.constants || digest != test.digest {
				t.Errorf("%d constants with digest %s, want %d with %s", constants, digest, test.constants, test.digest)
			}
			if len(g.Nodes) != test.nodes {
				t.Errorf("%d nodes, want %d", len(g.Nodes), test.nodes)
			}
			if first, last := g.Nodes[0].Name, g.Nodes[len(g.Nodes)-1].Name; first != test.first || last != test.last {
				t.Errorf("nodes from %q to %q, want %q to %q", first, last, test.first, test.last)
			}
			in := g.Value(g.Inputs[0])
			if got := fmt.Sprint(in.Name, " ", in.Type); got != test.input {
				t.Errorf("input %s, want %s", got, test.input)
			}
			want := ir.Source{Path: path, SHA256: fileDigest(t, path), Producer: test.producer, Opset: test.opset}
			if g.Source != want {
				t.Errorf("source %+v, want %+v", g.Source, want)
			}
		})
	}
}

// digestConstants is digest.py's digest of all constants in order.
func digestConstants(g *ir.Graph) (n int, digest string) {
	sum := sha256.New()
	for _, v := range g.Values {
		if c := v.Type.Const; c != nil {
			n++
			sum.Write([]byte(v.Name))
			writeTensor(sum, c)
		}
	}
	return n, hex.EncodeToString(sum.Sum(nil))
}

func writeTensor(sum hash.Hash, c *ir.Tensor) {
	shape := []int64{int64(len(c.Shape))}
	for _, d := range c.Shape {
		shape = append(shape, int64(d))
	}
	var data any = c.F
	if c.DType == ir.Int64 {
		data = c.I
	}
	_ = binary.Write(sum, binary.LittleEndian, shape) // a hash never fails
	_ = binary.Write(sum, binary.LittleEndian, data)
}

func fileDigest(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
