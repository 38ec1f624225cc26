package kerneltest

import "fmt"

// Shape is a convolution to test.
type Shape struct {
	H, W, In, Out  int
	Kernel, Stride [2]int
	Dilation       [2]int
	Pad            [4]int
	Groups         int
	Top            uint8 // largest level in bytes; 0 means any
}

// String returns a name for messages.
func (s Shape) String() string {
	return fmt.Sprint(s.H, s.W, s.In, s.Out, s.Kernel, s.Stride, s.Dilation, s.Groups, s.Top)
}

// OutSize returns the height and the width of the output.
func (s Shape) OutSize() (high, wide int) {
	var size [2]int
	for axis, n := range []int{s.H, s.W} {
		size[axis] = (n+s.Pad[axis]+s.Pad[axis+2]-(s.Kernel[axis]-1)*s.Dilation[axis]-1)/s.Stride[axis] + 1
	}
	return size[0], size[1]
}

// Shapes returns convolutions of all kinds.
func Shapes() []Shape { return append(tileShapes(), oddShapes...) }

var oddShapes = []Shape{
	{1, 1, 1, 1, [2]int{1, 1}, [2]int{1, 1}, [2]int{1, 1}, [4]int{}, 1, 255},
	{1, 1, 77, 130, [2]int{1, 1}, [2]int{1, 1}, [2]int{1, 1}, [4]int{}, 1, 127},
	{7, 5, 64, 64, [2]int{3, 3}, [2]int{1, 1}, [2]int{1, 1}, [4]int{1, 1, 1, 1}, 1, 15},
	{9, 8, 16, 16, [2]int{3, 3}, [2]int{2, 2}, [2]int{1, 1}, [4]int{1, 1, 1, 0}, 1, 255},
	{13, 11, 3, 24, [2]int{7, 7}, [2]int{2, 2}, [2]int{1, 1}, [4]int{3, 3, 3, 3}, 1, 0},
	{6, 7, 20, 40, [2]int{3, 2}, [2]int{1, 3}, [2]int{2, 2}, [4]int{2, 1, 0, 3}, 1, 63},
	{5, 5, 24, 36, [2]int{3, 3}, [2]int{1, 1}, [2]int{1, 1}, [4]int{1, 1, 1, 1}, 4, 255},
	{4, 6, 6, 6, [2]int{3, 3}, [2]int{1, 1}, [2]int{1, 2}, [4]int{1, 2, 1, 2}, 6, 127},
	{4, 6, 6, 18, [2]int{3, 3}, [2]int{1, 1}, [2]int{1, 2}, [4]int{1, 2, 1, 2}, 6, 200},
	{10, 3, 32, 48, [2]int{1, 1}, [2]int{2, 2}, [2]int{1, 1}, [4]int{}, 1, 255},
	{4, 4, 12, 112, [2]int{4, 4}, [2]int{1, 1}, [2]int{1, 1}, [4]int{}, 1, 255},
	{9, 7, 160, 160, [2]int{3, 3}, [2]int{1, 1}, [2]int{1, 1}, [4]int{1, 1, 1, 1}, 160, 127},
	{6, 7, 70, 70, [2]int{4, 3}, [2]int{2, 1}, [2]int{2, 1}, [4]int{3, 0, 4, 2}, 70, 255},
	{5, 9, 3, 3, [2]int{3, 3}, [2]int{1, 1}, [2]int{1, 1}, [4]int{}, 3, 127},
	{9, 7, 64, 64, [2]int{5, 5}, [2]int{2, 1}, [2]int{1, 2}, [4]int{2, 4, 2, 4}, 64, 255},
	{3, 3, 8, 70, [2]int{5, 1}, [2]int{1, 1}, [2]int{1, 1}, [4]int{2, 0, 2, 0}, 1, 255},
	{3, 37, 24, 40, [2]int{3, 3}, [2]int{1, 1}, [2]int{1, 1}, [4]int{1, 1, 1, 1}, 1, 255},
	{25, 27, 8, 64, [2]int{1, 1}, [2]int{1, 1}, [2]int{1, 1}, [4]int{}, 1, 255},
	{3, 530, 4, 17, [2]int{1, 1}, [2]int{1, 2}, [2]int{1, 1}, [4]int{}, 1, 3},
}

// tileShapes are layers whose pixels and channels fill tiles of all sizes.
func tileShapes() []Shape {
	var shapes []Shape
	one := [2]int{1, 1}
	for i, pixels := range []int{1, 2, 4, 6, 7, 9, 10, 12, 13, 15} { // of which tests compute the first third separately
		for c := 16; c <= 64; c += 16 {
			shapes = append(shapes, Shape{1, pixels, c, c, one, one, one, [4]int{}, 1, uint8(127 << (i % 2))})
		}
	}
	return shapes
}
