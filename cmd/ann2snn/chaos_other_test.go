//go:build !linux

package main

// morePrograms are programs of tests that other systems lack.
var morePrograms map[string]func()
