//go:build !linux

package main

// dropText leaves the code where it is.
func dropText() {}
