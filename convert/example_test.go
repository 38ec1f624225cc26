package convert_test

import (
	"context"
	"fmt"

	"ann2snn/calibrate"
	"ann2snn/convert"
	"ann2snn/ir"
	"ann2snn/snn"
)

// A trained network becomes a spiking one in three steps: ask where neurons will stand,
// measure there, convert.
func Example() {
	g, err := ir.Parse(`
input %x float32[1,1,8,8]
const %w float32[2,1,3,3] = ramp(-0.4, 0.05)
const %v float32[3,128] = ramp(-0.3, 0.002)
%c float32[1,2,8,8] = Conv(%x, %w) "conv" {pads=[1,1,1,1] group=1}
%r float32[1,2,8,8] = Relu(%c) "relu"
%f float32[1,128] = Flatten(%r) "flatten" {axis=1}
%y float32[1,3] = Gemm(%f, %v) "classify" {alpha=1 beta=1 transB=true}
output %y`)
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	sites, err := convert.Sites(ctx, g)
	if err != nil {
		panic(err)
	}
	samples := calibrate.Synthetic([]int{1, 1, 8, 8}, -1, 1, 32, 1)
	profile, err := calibrate.Run(ctx, g, samples, calibrate.Options{Sites: sites})
	if err != nil {
		panic(err)
	}
	method, err := calibrate.ParseMethod("mse")
	if err != nil {
		panic(err)
	}
	network, report, err := convert.Lower(ctx, g, profile, convert.Options{
		Format: snn.Format{M: 1, N: 3}, Steps: 1, Method: method, PerChannel: true,
	})
	if err != nil {
		panic(err)
	}
	for i, l := range report.Layers {
		fmt.Printf("%-8s %-5s %3d neurons of %d bits\n", l.Name, l.Op, l.Neurons, l.Bits)
		if n := network.Layers[i].Neuron; n != nil {
			fmt.Println("         levels up to", n.Format.Max())
		}
	}
	// Output:
	// x        Input   0 neurons of 0 bits
	// conv     Conv  128 neurons of 4 bits
	//          levels up to 15
	// classify Dense   0 neurons of 0 bits
}
