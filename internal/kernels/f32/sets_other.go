//go:build !amd64 || purego

package f32

// assembly is empty where there are only the kernels in Go.
var assembly []kernelSet

type (
	gemmArgs struct{}
	convArgs struct{}
)
