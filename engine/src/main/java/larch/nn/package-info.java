/// Layers: parameters with a way to apply them. Read `Linear` first.
package larch.nn;
