//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/internal/testutil"
)

// sited are models with n sites to calibrate, or with n channels at one.
var sited = map[string]func(t *testing.T, n int) []byte{
	"nodes": modelOf(func(g *pb.GraphProto, n int) {
		eye := make([]float32, 16)
		for i := range 4 {
			eye[5*i] = 1
		}
		g.Initializer = append(g.Initializer, onnxfile.Floats("eye", eye, 4, 4))
		last := "x"
		for i := range n {
			dense, relu := fmt.Sprint("d", i), fmt.Sprint("r", i)
			g.Node = append(g.Node, onnxfile.Node(dense, "Gemm", []string{last, "eye"}, dense), onnxfile.Node(relu, "Relu", []string{dense}, relu))
			last = relu
		}
		g.Output = []*pb.ValueInfoProto{{Name: &last}}
	}),
	"channels": modelOf(func(g *pb.GraphProto, n int) {
		weight(g, 0, 4, int64(n))
		weight(g, 1, int64(n), 4)
		g.Node = []*pb.NodeProto{
			onnxfile.Node("d", "Gemm", []string{"x", "w0"}, "d"),
			onnxfile.Node("r", "Relu", []string{"d"}, "r"),
			onnxfile.Node("e", "Gemm", []string{"r", "w1"}, "y"),
		}
		g.Output = []*pb.ValueInfoProto{{Name: proto.String("y")}}
	}),
}

// TestProfilesGrowWithTheModel: ten times the sites or channels take ten times the work and the
// length of the profile, to make it, to look at it and to convert with it.
func TestProfilesGrowWithTheModel(t *testing.T) {
	if testutil.Race {
		t.Skip("the race detector takes time and memory of its own, which this test would count")
	}
	const few = 30
	for name, build := range sited {
		dir := t.TempDir()
		data := keep(t, dir, "x.npy", npy([]float32{1, 2, 3, 4, 4, 3, 2, 1}, 2, 4))
		at := func(i int, ext string) string { return filepath.Join(dir, fmt.Sprint(i, ext)) }
		for i := range 3 {
			write(t, at(i, ".onnx"), build(t, few*pow10(i)))
		}
		for _, call := range []struct {
			name string
			args func(i int) []string
		}{
			{"calibrate", func(i int) []string {
				return []string{"calibrate", at(i, ".onnx"), "--data", data, "-o", at(i, ".json"), "-f", "-q"}
			}},
			{"inspect", func(i int) []string { return []string{"inspect", at(i, ".json")} }},
			{"convert", func(i int) []string {
				return []string{"convert", at(i, ".onnx"), "--profile", at(i, ".json"), "-o", at(i, ".snn"), "-f", "-q"}
			}},
		} {
			t.Run(name+"/"+call.name, func(t *testing.T) {
				staysLinear(t, func(i int) work {
					w := workOf(t, call.args(i)...)
					if w.says != "" {
						t.Fatal(w.says)
					}
					return w
				})
			})
		}
		var sizes [3]int64
		for i := range sizes {
			info, err := os.Stat(at(i, ".json"))
			if err != nil {
				t.Fatal(err)
			}
			sizes[i] = info.Size()
		}
		if slope := float64(sizes[2]-sizes[1]) / float64(sizes[1]-sizes[0]); slope > 10.5 {
			t.Errorf("%s: profiles of %v bytes", name, sizes)
		}
	}
}
