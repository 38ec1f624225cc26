package budget

import (
	"runtime/debug"
	"runtime/metrics"
)

// heap returns the bytes of the objects on the heap. With collect it gives what is garbage
// back to the system first, so that memory that is short is not counted twice.
func heap(collect bool) int64 {
	if collect {
		debug.FreeOSMemory()
	}
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
