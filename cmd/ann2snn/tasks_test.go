package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
)

// tasks writes networks that do not classify: logit.onnx, whose output is above 0 inside of a
// ring, sigmoid.onnx with a sigmoid behind it, price.onnx, whose output is always above 0,
// pixels.onnx with three classes for each of 36 pixels, soft.onnx with a
// softmax behind these, scores.onnx with four outputs, tags.onnx with
// a sigmoid behind each of them, features.onnx with 24 rectified outputs, and fine.onnx, which is logit.onnx with
// values so far from 0 that 4 bits are too few. points.npz holds inputs of the first
// three, with labels, values.npz with values in their place, points.npy without; marks.npz has four
// labels for each, onehot.npz one of four, values4.npz four values. maps.npy holds inputs of the nets
// of pixels, maps.npz with a class for each.
func tasks(ts *testscript.TestScript, _ bool, _ []string) {
	random := rand.New(rand.NewPCG(1, 2))
	draw := func(n int) []float32 {
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(random.NormFloat64())
		}
		return v
	}
	const hidden = 24
	// Rectified projections onto directions all around sum up to the distance from the centre.
	directions, ones := make([]float32, 2*hidden), make([]float32, hidden)
	for i := range hidden {
		angle := 2 * math.Pi * float64(i) / hidden
		directions[i], directions[hidden+i] = float32(math.Cos(angle)), float32(math.Sin(angle))
		ones[i] = -math.Pi / hidden
	}
	ring := func(bias float32, end string, far ...float32) []byte {
		g := onnxfile.New("ring")
		g.Input("x", pb.TensorProto_FLOAT, 1, 2)
		a := g.Node("h", "Gemm", []string{"x", g.Constant(onnxfile.Floats("w", directions, 2, hidden))})
		r := g.Node("r", "Relu", []string{a})
		for _, x := range far {
			r = g.Node("f", "Add", []string{r, g.Constant(onnxfile.Floats("far", []float32{x}, 1))})
			r = g.Node("g", "Relu", []string{r})
			bias += x * math.Pi
		}
		y := g.Node("z", "Gemm", []string{r, g.Constant(onnxfile.Floats("v", ones, hidden, 1)), g.Constant(onnxfile.Floats("b", []float32{bias}, 1))})
		if end != "" {
			y = g.Node("end", end, []string{y})
		}
		g.Output(y, pb.TensorProto_FLOAT, 1, 1)
		file, err := onnxfile.Marshal(g.Model("test"))
		ts.Check(err)
		return file
	}
	write := func(name string, file []byte) { ts.Check(os.WriteFile(ts.MkAbs(name), file, 0o666)) }
	write("logit.onnx", ring(1.2, ""))
	write("sigmoid.onnx", ring(1.2, "Sigmoid"))
	write("price.onnx", ring(30, ""))
	write("fine.onnx", ring(1.2, "", 100))

	filters, classes := draw(8*2*9), draw(3*8)
	pixels := func(end string) []byte {
		g := onnxfile.New("pixels")
		g.Input("x", pb.TensorProto_FLOAT, 1, 2, 6, 6)
		a := g.Node("h", "Conv", []string{"x", g.Constant(onnxfile.Floats("w", filters, 8, 2, 3, 3))}, onnxfile.Ints("pads", 1, 1, 1, 1))
		r := g.Node("r", "Relu", []string{a})
		y := g.Node("y", "Conv", []string{r, g.Constant(onnxfile.Floats("v", classes, 3, 8, 1, 1))})
		if end != "" {
			y = g.Node("end", end, []string{y}, onnxfile.Int("axis", 1))
		}
		g.Output(y, pb.TensorProto_FLOAT, 1, 3, 6, 6)
		file, err := onnxfile.Marshal(g.Model("test"))
		ts.Check(err)
		return file
	}
	write("pixels.onnx", pixels(""))
	write("soft.onnx", pixels("Softmax"))

	const tags = 4
	tagWeights := draw(hidden * tags)
	tagged := func(end string, outputs int) []byte {
		g := onnxfile.New("tags")
		g.Input("x", pb.TensorProto_FLOAT, 1, 2)
		r := g.Node("r", "Relu", []string{g.Node("h", "Gemm", []string{"x", g.Constant(onnxfile.Floats("w", directions, 2, hidden))})})
		y := r
		if outputs != hidden {
			y = g.Node("y", "Gemm", []string{r, g.Constant(onnxfile.Floats("v", tagWeights, hidden, tags))})
		}
		if end != "" {
			y = g.Node("end", end, []string{y})
		}
		g.Output(y, pb.TensorProto_FLOAT, 1, int64(outputs))
		file, err := onnxfile.Marshal(g.Model("test"))
		ts.Check(err)
		return file
	}
	write("scores.onnx", tagged("", tags))
	write("tags.onnx", tagged("Sigmoid", tags))
	write("features.onnx", tagged("", hidden))

	const points, maps = 600, 120
	x := draw(points * 2)
	labels := make([]float32, points)
	for i := range labels {
		if math.Hypot(float64(x[2*i]), float64(x[2*i+1])) < 1.2+0.2*random.NormFloat64() {
			labels[i] = 1
		}
	}
	write("points.npy", npy(x, points, 2))
	marks, oneHot := make([]float32, points*tags), make([]float32, points*tags)
	for i := range points {
		oneHot[tags*i+i%tags] = 1
		for k := range tags {
			if x[2*i]+float32(k)*x[2*i+1] > 0.3 {
				marks[tags*i+k] = 1
			}
		}
	}
	classes4 := make([]float32, maps*36)
	for i := range classes4 {
		classes4[i] = float32(i % 3)
	}
	m := npy(draw(maps*2*6*6), maps, 2, 6, 6)
	write("maps.npy", m)
	file, err := npz(m, npy(classes4, maps, 6, 6))
	ts.Check(err)
	write("maps.npz", file)
	for name, y := range map[string][]byte{
		"points.npz": npy(labels, points), "values.npz": npy(draw(points), points, 1),
		"marks.npz": npy(marks, points, tags), "onehot.npz": npy(oneHot, points, tags), "values4.npz": npy(draw(points*tags), points, tags),
	} {
		file, err := npz(npy(x, points, 2), y)
		ts.Check(err)
		write(name, file)
	}
}

// npz is an archive of samples and labels.
func npz(x, y []byte) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name string
		file []byte
	}{{"x.npy", x}, {"y.npy", y}} {
		w, err := z.Create(f.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.file); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// npy is a NumPy file of float32.
func npy(values []float32, shape ...int) []byte {
	dims := strings.Trim(fmt.Sprint(shape), "[]")
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%s,), }\n", strings.ReplaceAll(dims, " ", ", "))
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	b = append(b, header...)
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}
