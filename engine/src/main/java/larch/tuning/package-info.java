/// Tuned numbers as data: their file format, and which machine they hold for. `larch.tuner` finds them.
package larch.tuning;
