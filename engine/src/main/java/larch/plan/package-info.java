/// Work recorded once and run many times: what a training step calls, kernel by kernel, rearranged so that fewer passes
/// go over memory. Read `Plan` first.
package larch.plan;
