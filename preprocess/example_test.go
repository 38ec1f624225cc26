package preprocess_test

import (
	"fmt"
	"image"
	"image/color"

	"ann2snn/preprocess"
)

// A picture becomes the input of a model that takes 3 x 2 x 2 values, channels first.
func Example() {
	spec, err := preprocess.Preset("tf")
	if err != nil {
		fmt.Println(err)
		return
	}
	spec.Resize = 2
	input, err := spec.Input([]int{3, 2, 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	picture := image.NewRGBA(image.Rect(0, 0, 4, 4))
	for i := range 16 {
		picture.Set(i%4, i/4, color.RGBA{R: 255, A: 255})
	}
	sample := make([]float32, input.Len())
	if err := input.Prepare(sample, picture); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sample)
	// Output: [1 1 1 1 -1 -1 -1 -1 -1 -1 -1 -1]
}

// What the presets do to black and white, in the first channel of the input.
func ExamplePreset() {
	for _, name := range preprocess.Presets() {
		spec, err := preprocess.Preset(name)
		if err != nil {
			fmt.Println(err)
			return
		}
		input, err := spec.Input([]int{3, 32, 32})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %.3f to %.3f, resize %d\n", name, input.Values[0][0], input.Values[0][255], spec.Resize)
	}
	// Output:
	// imagenet: -2.118 to 2.249, resize 256
	// cifar10: -2.118 to 2.249, resize 0
	// cifar10-mean: -1.989 to 2.059, resize 0
	// cifar100-mean: -1.897 to 1.844, resize 0
	// mnist: -1.000 to 1.000, resize 0
	// mnist-mean: -0.424 to 2.821, resize 0
	// tf: -1.000 to 1.000, resize 0
	// raw: 0.000 to 255.000, resize 0
}
