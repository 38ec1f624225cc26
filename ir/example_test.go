package ir_test

import (
	"fmt"

	"ann2snn/ir"
)

func Example() {
	g, err := ir.Parse(`
		input %x float32[1,3,8,8]
		const %w float32[4,3,3,3] = ramp(-0.5, 0.01)
		%c = Conv(%x, %w) "conv1" {strides=[2,2] autoPad=same_upper}
		%y = Relu(%c)
		output %y`)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := g.Infer(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(g)
	// Output:
	// input %x float32[1,3,8,8]
	// const %w float32[4,3,3,3] = sha256:f85015f056b8
	// %c float32[1,4,4,4] = Conv(%x, %w) "conv1" {strides=[2,2] autoPad=same_upper}
	// %y float32[1,4,4,4] = Relu(%c)
	// output %y
}
