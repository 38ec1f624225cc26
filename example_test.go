package ann2snn_test

import (
	"context"
	"fmt"
	"image"
	"image/color"

	"ann2snn"
	"ann2snn/convert"
	"ann2snn/examples"
	"ann2snn/models"
	"ann2snn/preprocess"
)

// bar is a picture of a vertical bar, white on black.
func bar() image.Image {
	img := image.NewGray(image.Rect(0, 0, 28, 28))
	for y := 4; y < 24; y++ {
		img.SetGray(14, y, color.Gray{Y: 255})
		img.SetGray(15, y, color.Gray{Y: 255})
	}
	return img
}

// A network that is part of the program classifies a picture in memory.
func ExampleNetwork_Classify() {
	net, err := ann2snn.Decode(examples.Network)
	if err != nil {
		fmt.Println(err)
		return
	}
	answers, err := net.Classify(context.Background(), bar())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range answers[:2] {
		fmt.Println(a.Class, a.Label)
	}
	fmt.Println("probabilities:", net.Probabilities())
	// Output:
	// 1 1
	// 15 J
	// probabilities: false
}

// The model and the samples come from file systems that are part of the program. Spikes of
// 2 bits over 4 steps, not fitted, are made in a moment.
func ExampleModel_Convert() {
	ctx := context.Background()
	model, err := ann2snn.Parse(ctx, "demo.onnx", models.Demo(), ann2snn.LoadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	spec, err := preprocess.Preset(models.Preset)
	if err != nil {
		fmt.Println(err)
		return
	}
	samples, err := model.OpenSamplesFS(models.Samples(), "calibration", ann2snn.SampleOptions{Preprocess: spec, Limit: 64})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer samples.Close()
	samples.Classes = models.Classes()
	net, report, err := model.Convert(ctx, samples, ann2snn.Options{Bits: 2, Steps: 4, Fit: new(convert.FitNone)})
	if err != nil {
		fmt.Println(err)
		return
	}
	answers, err := net.Classify(ctx, bar())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Neurons, "neurons,", net.SNN().Steps, "steps, answer", answers[0].Label)
	// Output: 29072 neurons, 4 steps, answer 1
}
