package c99_test

import (
	"context"
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"ann2snn"
	"ann2snn/export/c99"
	"ann2snn/internal/onnxfile"
	"ann2snn/internal/pb"
	"ann2snn/internal/testutil"
	"ann2snn/preprocess"
	"ann2snn/runtime"
)

// maker builds a model node by node.
type maker struct {
	*onnxfile.Graph
	random *rand.Rand
}

func (m maker) weights(dims ...int64) string {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(m.random.NormFloat64()) * 0.2
	}
	return m.Constant(onnxfile.Floats("w", values, dims...))
}

func (m maker) ints(values ...int64) string {
	return m.Constant(onnxfile.Int64s("i", values, int64(len(values))))
}

func (m maker) reshape(x string, dims ...int64) string {
	return m.Node("reshape", "Reshape", []string{x, m.ints(dims...)})
}

func (m maker) half(x string) string {
	return m.Node("half", "Mul", []string{x, m.Constant(onnxfile.Floats("c", []float32{0.5}))})
}

func (m maker) turn(x string, perm ...int64) string {
	return m.Node("turn", "Transpose", []string{x}, onnxfile.Ints("perm", perm...))
}

// dense flattens n values and ends the model.
func (m maker) dense(x string, n int64) {
	h := m.Node("h", "Relu", []string{m.Node("d", "MatMul", []string{m.reshape(x, 1, n), m.weights(n, 9)})})
	m.Output(m.Node("y", "MatMul", []string{h, m.weights(9, 4)}), pb.TensorProto_FLOAT, 1, 4)
}

// conv ends the model with a convolution of x, which has n values and whose kernels have
// these dims after the number of channels.
func (m maker) conv(x string, n int64, kernel ...int64) {
	h := m.Node("h", "Relu", []string{m.Node("c", "Conv", []string{x, m.weights(append([]int64{2}, kernel...)...)})})
	m.dense(h, n)
}

// TestPicturesInEveryForm converts models that take a picture of 8 x 12 in all sorts of
// forms: pictures classify as the model does, and the export takes their bytes.
func TestPicturesInEveryForm(t *testing.T) {
	forms := []struct {
		name string
		in   []int64
		body func(m maker, x string)
	}{
		{"flattened", []int64{1, 8, 12}, func(m maker, x string) { m.dense(x, 96) }},
		{"unsqueezed", []int64{1, 8, 12}, func(m maker, x string) {
			m.conv(m.Node("u", "Unsqueeze", []string{x, m.ints(1)}), 120, 1, 3, 3)
		}},
		{"reshaped", []int64{1, 8, 12}, func(m maker, x string) { m.conv(m.reshape(x, 1, 1, 8, 12), 120, 1, 3, 3) }},
		{"scaled and flattened", []int64{1, 8, 12}, func(m maker, x string) { m.dense(m.half(x), 96) }},
		{"rows are channels", []int64{1, 8, 12}, func(m maker, x string) { m.conv(x, 20, 8, 3) }},
		{"rows are steps", []int64{1, 8, 12}, func(m maker, x string) { m.conv(m.turn(x, 0, 2, 1), 12, 12, 3) }},
		{"three rows", []int64{1, 3, 12}, func(m maker, x string) { m.conv(x, 20, 3, 3) }},
		{"NHWC transposed", []int64{1, 8, 12, 1}, func(m maker, x string) { m.conv(m.turn(x, 0, 3, 1, 2), 120, 1, 3, 3) }},
		{"NHWC reshaped", []int64{1, 8, 12, 1}, func(m maker, x string) { m.conv(m.reshape(x, 1, 1, 8, 12), 120, 1, 3, 3) }},
		{"NHWC flattened", []int64{1, 8, 12, 1}, func(m maker, x string) { m.dense(x, 96) }},
		{"colours flattened", []int64{1, 8, 12, 3}, func(m maker, x string) { m.dense(x, 288) }},
		{"colours scaled and flattened", []int64{1, 8, 12, 3}, func(m maker, x string) { m.dense(m.half(x), 288) }},
		{"colours transposed", []int64{1, 8, 12, 3}, func(m maker, x string) { m.conv(m.turn(x, 0, 3, 1, 2), 120, 3, 3, 3) }},
		{"colours first", []int64{1, 3, 8, 12}, func(m maker, x string) { m.conv(x, 120, 3, 3, 3) }},
		{"grey", []int64{1, 1, 8, 12}, func(m maker, x string) { m.conv(x, 120, 1, 3, 3) }},
	}
	for k, form := range forms {
		t.Run(form.name, func(t *testing.T) {
			t.Parallel()
			m := maker{onnxfile.New("net"), rand.New(rand.NewPCG(uint64(k), 1))}
			form.body(m, m.Input("x", pb.TensorProto_FLOAT, form.in...))
			file, err := onnxfile.Marshal(m.Model("test"))
			if err != nil {
				t.Fatal(err)
			}
			h, w, c := 8, 12, 1
			if form.in[1] == 3 && len(form.in) == 3 {
				h = 3
			} else if form.in[1] == 3 || form.in[len(form.in)-1] == 3 {
				c = 3
			}
			checkForm(t, file, h, w, c)
		})
	}
}

// checkForm converts a model on noise of that size, and classifies and exports it.
func checkForm(t *testing.T, file []byte, h, w, c int) {
	t.Helper()
	ctx := context.Background()
	model, err := ann2snn.Parse(ctx, "net.onnx", file, ann2snn.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	images, bytes := noise(h, w, c, 40)
	spec := preprocess.Spec{Scale: 1.0 / 255, Mean: []float64{0.3}, Std: []float64{1}, Channels: preprocess.BGR}
	samples, err := model.Pictures(images, spec)
	if err != nil {
		t.Fatal(err)
	}
	network, _, err := model.Convert(ctx, samples, ann2snn.Options{Bits: 4})
	if err != nil {
		t.Fatal(err)
	}
	n := network.SNN()
	plan, err := runtime.Compile(ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]float32, plan.OutLen())
	inputs := make([][]float32, len(images))
	for i, img := range images {
		inputs[i] = make([]float32, plan.InLen())
		if _, err := samples.Source.Sample(i, inputs[i]); err != nil {
			t.Fatal(err)
		}
		if _, err := plan.NewSession(runtime.SessionOptions{}).Run(ctx, out, inputs[i]); err != nil {
			t.Fatal(err)
		}
		answers, err := network.Classify(ctx, img)
		if err != nil {
			t.Fatal(err)
		}
		if want := ann2snn.Rank(out, nil); !slices.Equal(answers, want) {
			t.Fatalf("a picture answers %v, its values as the model takes them %v", answers, want)
		}
		if err := c99.CheckPicture(n, inputs[i], bytes[i], h, w, c); err != nil {
			t.Fatal(err)
		}
	}
	verify(t, n, inputs, c99.Plain(testutil.Tool(t, "gcc", "gcc")))
}

// noise returns pictures and their bytes, pixel by pixel.
func noise(h, w, c, count int) (images []image.Image, all [][]byte) {
	random := rand.New(rand.NewPCG(7, 7))
	for range count {
		b := make([]byte, h*w*c)
		for i := range b {
			// The first rows are darker: channels that are rows differ in their ranges.
			b[i] = byte(random.Uint32()) >> (6 - min(6, i/(w*c)))
		}
		all = append(all, b)
		if c == 1 {
			images = append(images, &image.Gray{Pix: b, Stride: w, Rect: image.Rect(0, 0, w, h)})
			continue
		}
		img := image.NewNRGBA(image.Rect(0, 0, w, h))
		for i := range h * w {
			copy(img.Pix[4*i:], b[3*i:3*i+3])
			img.Pix[4*i+3] = 255
		}
		images = append(images, img)
	}
	return images, all
}
