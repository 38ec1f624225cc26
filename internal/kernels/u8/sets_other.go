//go:build !(amd64 || arm64) || purego

package u8

// assembly is empty where there are only the kernels in Go.
var assembly []kernelSet

type convArgs struct{}
