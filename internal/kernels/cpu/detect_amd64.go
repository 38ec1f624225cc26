//go:build !purego

package cpu

import "golang.org/x/sys/cpu"

func detect() Features {
	x, f := &cpu.X86, Features(0)
	if x.HasAVX2 && x.HasFMA {
		f |= AVX2
	}
	if x.HasAVXVNNI {
		f |= AVXVNNI
	}
	if x.HasAVX512F && x.HasAVX512BW && x.HasAVX512VL && x.HasAVX512DQ {
		f |= AVX512
	}
	if x.HasAVX512VNNI {
		f |= AVX512VNNI
	}
	if x.HasAMXTile && x.HasAMXInt8 && f.Has(AVX512|AVX512VNNI) && mayUseTiles() {
		f |= AMX
	}
	return f
}
