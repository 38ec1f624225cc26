package calibrate_test

import (
	"context"
	"fmt"

	"ann2snn/calibrate"
	"ann2snn/ir"
)

// A value is measured once; thresholds for any format follow from the profile.
func Example() {
	g, err := ir.Parse(`
input %x float32[1,2,8,8]
%y float32[1,2,8,8] = Relu(%x) "relu"
output %y`)
	if err != nil {
		panic(err)
	}
	y, _ := g.Lookup("y")
	profile, err := calibrate.Run(context.Background(), g, calibrate.Synthetic([]int{1, 2, 8, 8}, -1, 1, 100, 1), calibrate.Options{
		Sites: []calibrate.Site{{Value: y, Axis: 1}},
	})
	if err != nil {
		panic(err)
	}
	method, err := calibrate.ParseMethod("max")
	if err != nil {
		panic(err)
	}
	for _, bits := range []int{2, 4} {
		grid := calibrate.Grid{Max: 1<<bits - 1, Steps: 1, Rho: 1}
		choice, err := profile.Site("y").Choose(method, grid, true, 1<<20)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%d bits: thresholds %.4f\n", bits, choice.Threshold)
	}
	// Output:
	// 2 bits: thresholds [0.3333 0.3333]
	// 4 bits: thresholds [0.0667 0.0667]
}
