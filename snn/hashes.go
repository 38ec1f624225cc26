package snn

// hashSize is the size of a hash in a file.
const hashSize = 8

// packHashes returns the section of the samples that a network was made of; doc.go has the
// layout. Where they are not known there is no section.
func packHashes(hashes []uint64) []byte {
	if hashes == nil {
		return nil
	}
	b := make([]byte, hashSize*(1+len(hashes)))
	put64(b, uint64(len(hashes)))
	for i, h := range hashes {
		put64(b[hashSize*(1+i):], h)
	}
	return b
}

func unpackHashes(b []byte) ([]uint64, error) {
	if len(b)%hashSize != 0 || len(b) == 0 || get64(b) != uint64(len(b)/hashSize-1) {
		return nil, damaged("the list of calibration samples has another length than it says")
	}
	hashes := make([]uint64, len(b)/hashSize-1)
	for i := range hashes {
		hashes[i] = get64(b[hashSize*(1+i):])
	}
	return hashes, nil
}

// rise reports whether every hash is larger than the one before it.
func rise(hashes []uint64) bool {
	for i := 1; i < len(hashes); i++ {
		if hashes[i-1] >= hashes[i] {
			return false
		}
	}
	return true
}
