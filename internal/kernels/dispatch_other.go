//go:build !(amd64 || arm64) || purego

package kernels

// assembly is empty where there are only the kernels in Go.
var assembly []Set

type (
	conv8Args   struct{}
	gemmArgs    struct{}
	convF32Args struct{}
)
