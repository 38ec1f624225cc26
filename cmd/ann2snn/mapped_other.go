//go:build !(linux || darwin)

package main

func mapFile(path string) (b []byte, drop func(), err error) { return readWhole(path) }
