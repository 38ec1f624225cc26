package runtime_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"slices"

	"ann2snn/examples"
	"ann2snn/preprocess"
	"ann2snn/runtime"
	"ann2snn/snn"
)

// A small program classifies a picture without package ann2snn: the network says how
// it sees pictures, and package preprocess makes its input of them.
func Example_picture() {
	net, err := snn.Decode(examples.Network)
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := runtime.Compile(context.Background(), net)
	if err != nil {
		fmt.Println(err)
		return
	}
	spec, err := preprocess.Parse(net.Meta.Preprocess)
	if err != nil {
		fmt.Println(err)
		return
	}
	input, err := spec.Input(net.InputShape())
	if err != nil {
		fmt.Println(err)
		return
	}
	picture := image.NewGray(image.Rect(0, 0, 28, 28))
	for y := 4; y < 24; y++ {
		picture.SetGray(14, y, color.Gray{Y: 255})
	}
	in, out := make([]float32, plan.InLen()), make([]float32, plan.OutLen())
	if err := input.Prepare(in, picture); err != nil {
		fmt.Println(err)
		return
	}
	session := plan.NewSession(runtime.SessionOptions{})
	if _, err := session.Run(context.Background(), out, in); err != nil {
		fmt.Println(err)
		return
	}
	best := slices.Index(out, slices.Max(out))
	fmt.Println("class", best, net.Meta.Labels[best])
	// Output: class 1 1
}
