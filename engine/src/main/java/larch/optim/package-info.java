/// Optimizers. Read `Adam` first, then `AdamDrift` for how rows without a gradient are kept exact.
package larch.optim;
