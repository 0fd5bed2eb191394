// Package errordomain tells Cairn's reasons from those of whatever stands before it.
package errordomain

// Cairn is the domain of an ErrorInfo whose reason is one of the contract's; a proxy may have reasons of its own, by the same names.
const Cairn = "cairn.v1"
